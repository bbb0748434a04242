// Where jurisdictions are on the page's map: a polygon of the atlas where it has one by numeric code,
// else the points of rules/jurisdiction. Computed once, at the first map.
import { geoArea, geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import { atlas } from "generated:atlas";
import { places } from "generated:places";
import { feature } from "topojson-client";
import type { Feature, Geometry, MultiPolygon, Polygon, Position } from "geojson";

export const WIDTH = 960;
export const HEIGHT = 468;

export interface Place {
  code: string;
  // The outline, or null for a jurisdiction that is drawn as a point.
  outline: string | null;
  // Where it is pointed at: in the middle of its largest part.
  x: number;
  y: number;
}

export interface Geography {
  places: ReadonlyMap<string, Place>;
  // Land that the atlas draws apart and ISO has no code for, by the atlas's name.
  uncoded: readonly { name: string; outline: string }[];
  // The edge of the projection, and the box of a region (longitudes and latitudes) on it.
  edge: string;
  box(west: number, south: number, east: number, north: number): [number, number, number, number];
}

// The atlas gives this land a name and no code; the rules know it by the code that users agreed on.
const BY_NAME: Record<string, string> = { Kosovo: "XK" };

let computed: Geography | null = null;

// The middle of the largest part: far islands would draw a mean into the sea.
function middle(geometry: Geometry): Position {
  if (geometry.type !== "MultiPolygon") return geoCentroid(geometry as Polygon);
  let best: Polygon = { type: "Polygon", coordinates: (geometry as MultiPolygon).coordinates[0] ?? [] };
  for (const coordinates of (geometry as MultiPolygon).coordinates) {
    const part: Polygon = { type: "Polygon", coordinates };
    if (geoArea(part) > geoArea(best)) best = part;
  }
  return geoCentroid(best);
}

export function geography(): Geography {
  if (computed) return computed;
  const projection = geoEqualEarth().fitExtent([[2, 2], [WIDTH - 2, HEIGHT - 2]], { type: "Sphere" });
  const draw = geoPath(projection).digits(1);
  const at = ([longitude, latitude]: Position) => projection([longitude ?? 0, latitude ?? 0]) ?? [0, 0];
  const polygons = new Map<string, Feature<Geometry, { name?: string } | null>>();
  const uncoded: { name: string; outline: string }[] = [];
  for (const land of feature(atlas, atlas.objects.countries).features) {
    const name = land.properties?.name;
    const key = land.id !== undefined ? String(land.id) : name !== undefined ? BY_NAME[name] : undefined;
    if (key !== undefined) polygons.set(key, land);
    else uncoded.push({ name: name ?? "", outline: draw(land) ?? "" });
  }
  const found = new Map<string, Place>();
  for (const [code, , numeric, longitude, latitude] of places) {
    const polygon = polygons.get(numeric) ?? polygons.get(code);
    if (polygon) {
      const [x, y] = at(middle(polygon.geometry));
      found.set(code, { code, outline: draw(polygon), x, y });
    } else if (longitude !== undefined && latitude !== undefined) {
      const [x, y] = at([longitude, latitude]);
      found.set(code, { code, outline: null, x, y });
    }
  }
  computed = {
    places: found,
    uncoded,
    edge: draw({ type: "Sphere" }) ?? "",
    box(west, south, east, north) {
      const corners = [[west, south], [west, north], [east, south], [east, north],
        [west, (south + north) / 2], [east, (south + north) / 2]].map(at);
      const xs = corners.map(([x]) => x);
      const ys = corners.map(([, y]) => y);
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
    },
  };
  return computed;
}
