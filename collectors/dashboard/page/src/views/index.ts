// The views, in the order of the navigation.
import type { View } from "../context.ts";
import { dependence } from "./dependence.ts";
import { health } from "./health.ts";
import { map } from "./map.ts";
import { matrix } from "./matrix.ts";
import { overview } from "./overview.ts";
import { policy } from "./policy.ts";
import { sankey } from "./sankey.ts";
import { table } from "./table.ts";
import { timeline } from "./timeline.ts";

export const VIEWS: readonly View[] = [
  overview,
  map,
  matrix,
  sankey,
  timeline,
  table,
  policy,
  dependence,
  health,
];
