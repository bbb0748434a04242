// The views, in the order of the navigation.
import type { View } from "../context.ts";
import { matrix } from "./matrix.ts";
import { overview } from "./overview.ts";
import { dependence } from "./dependence.ts";
import { policy } from "./policy.ts";
import { sankey } from "./sankey.ts";
import { table } from "./table.ts";

export const VIEWS: readonly View[] = [
  overview,
  matrix,
  sankey,
  table,
  policy,
  dependence,
];
