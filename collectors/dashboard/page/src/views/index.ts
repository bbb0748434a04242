// The views, in the order of the navigation.
import type { View } from "../context.ts";
import { health } from "./health.ts";
import { map } from "./map.ts";
import { overview } from "./overview.ts";
import { timeline } from "./timeline.ts";

export const VIEWS: readonly View[] = [
  overview,
  map,
  timeline,
  health,
];
