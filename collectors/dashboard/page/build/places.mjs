// Writes the two generated modules: names and points of jurisdictions from rules/jurisdiction, and
// the atlas. Nothing of it is kept in the source tree, so nothing is written twice.
import fs from "node:fs";
import path from "node:path";

const ENTRY = /^\s*BORDERFLOW_(?:JURISDICTION|EXTENT)\((.*)\)\s*$/;

// The arguments of every macro line of an .inc file.
function entries(file) {
  const found = [];
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    const match = ENTRY.exec(line);
    if (match) found.push(JSON.parse(`[${match[1]}]`));
  }
  if (found.length === 0) throw new Error(`${file}: no entries found`);
  return found;
}

// [code, name, numeric, longitude, latitude, ...] for every jurisdiction.
export function places(rules, numericFile) {
  const numeric = new Map();
  for (const line of fs.readFileSync(numericFile, "utf8").split("\n")) {
    const match = /^([A-Z]{2}),([0-9]{3})$/.exec(line);
    if (match) numeric.set(match[1], match[2]);
  }
  const points = new Map();
  for (const [code, latitude, longitude] of entries(path.join(rules, "extents.inc"))) {
    if (!points.has(code)) points.set(code, []);
    points.get(code).push([longitude, latitude]);
  }
  return entries(path.join(rules, "iso3166.inc")).map(([code, , name]) => [
    code, name, numeric.get(code) ?? "", ...(points.get(code) ?? []).flat(),
  ]);
}

// The atlas without what the page does not read.
export function atlas(file) {
  const topology = JSON.parse(fs.readFileSync(file, "utf8"));
  delete topology.objects.land;
  for (const geometry of topology.objects.countries.geometries) {
    if (geometry.id !== undefined) delete geometry.properties;
  }
  return topology;
}
