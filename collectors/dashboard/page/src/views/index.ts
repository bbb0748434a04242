// The views, in the order of the navigation.
import type { View } from "../context.ts";
import { overview } from "./overview.ts";

export const VIEWS: readonly View[] = [
  overview,
];
