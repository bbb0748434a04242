// What the build writes from the rules and the atlas (build/places.mjs): modules without a file.

declare module "generated:places" {
  // [alpha-2, name, numeric code as the atlas writes it or "", points (longitude, latitude) ...]
  export const places: readonly (readonly [string, string, string, ...number[]])[];
}

declare module "generated:atlas" {
  import type { GeometryCollection, Topology } from "topojson-specification";
  // world-atlas 110m (Natural Earth), its names left out except where a polygon has no code.
  export const atlas: Topology<{ countries: GeometryCollection<{ name?: string }> }>;
}
