// Who sends and receives how much, where the address database (or the register, or the operator's
// home) puts it: every jurisdiction as an area or a point, the largest pairs as arcs.
import "./map.css";
import { asTable, choice, currentLens, LENS_WORDS, lensSwitch, nothing, section, select } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h, s } from "../dom.ts";
import { byJurisdiction, ranked, sum, type Flow } from "../flows.ts";
import { age, bytes, grouped, percent, share } from "../format.ts";
import { geography, HEIGHT, WIDTH, type Place } from "../geography.ts";
import { CODES, isSpecial, nameOf } from "../jurisdictions.ts";
import type { Lens, Model } from "../model.ts";
import type { FileColumn } from "../parts/figure.ts";
import { pictureFiles } from "../parts/picture_files.ts";
import { ranking } from "../ranking.ts";
import { whyNothing } from "./overview.ts";

// More arcs than this are a ball of wool.
const ARCS = 40;
const LISTED = 10;
// Upper ends of the colour steps, as shares of all bytes: each about three times the one before, since
// traffic spreads over orders of magnitude.
const STEPS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, Infinity] as const;
const STEP_WORDS = ["<0.1", "0.1", "0.3", "1", "3", "10", "30 %"];

const COLOURS = "Colours from light to strong: below 0.1 %, then from 0.1, 0.3, 1, 3, 10 and 30 % of all bytes.";
const ARCS_NOTE = "Arcs: the largest pairs, wide where bytes leave, thin where they arrive.";
const BORDERS = "Borders are those of the atlas (Natural Earth, 1:110 million) and imply no position on any of them. Small jurisdictions are points.";

type Measure = "both" | "out" | "in";
const MEASURES: Record<Measure, { label: string; verb: string; of(flow: Flow): number }> = {
  both: { label: "Sent or received", verb: "sends or receives", of: (f) => f.out + f.in + f.within },
  out: { label: "Sent", verb: "sends", of: (f) => f.out + f.within },
  in: { label: "Received", verb: "receives", of: (f) => f.in + f.within },
};

// West, south, east, north.
const REGIONS: Record<string, { label: string; box: [number, number, number, number] | null }> = {
  world: { label: "World", box: null },
  europe: { label: "Europe", box: [-25, 33, 45, 68] },
  americas: { label: "Americas", box: [-130, -56, -34, 60] },
  africa: { label: "Africa", box: [-20, -36, 58, 38] },
  asia: { label: "Asia and Pacific", box: [45, -48, 179, 58] },
};

function step(part: number): number {
  return STEPS.findIndex((end) => part < end);
}

// A shape that is wide where bytes leave and thin where they arrive, bent to the left of their way, so
// that the two directions of a pair stand side by side.
function arc(from: Place, to: Place, width: number): string {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(0.22, 24 / length + 0.1);
  const middle = [from.x + dx / 2 + dy * bend, from.y + dy / 2 - dx * bend] as const;
  const side = [(-dy / length) * (width / 2), (dx / length) * (width / 2)] as const;
  const p = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${p(from.x + side[0], from.y + side[1])}Q${p(middle[0] + side[0] * 0.6, middle[1] + side[1] * 0.6)} ${p(to.x, to.y)}` +
    `Q${p(middle[0] - side[0] * 0.6, middle[1] - side[1] * 0.6)} ${p(from.x - side[0], from.y - side[1])}Z`;
}

function picture(context: Context, lens: Lens, flows: ReadonlyMap<string, Flow>, measure: Measure, chosen: string | null,
  regionName: string): SVGSVGElement {
  const { model, url } = context;
  const region = REGIONS[regionName] ?? REGIONS["world"]!;
  const map = geography();
  const box = region.box ? map.box(...region.box) : [0, 0, WIDTH, HEIGHT] as const;
  const scale = box[2] / WIDTH;
  const height = Math.round(box[3] / scale);
  // A frame of its own clips what lies outside a region, here and in a file; lines keep their width.
  const content = s("svg", { viewBox: box.map((n) => n.toFixed(1)).join(" "), width: WIDTH, height });
  const thin = { "vector-effect": "non-scaling-stroke" };
  const choose = (code: string) => () => url.set({ at: code === chosen ? null : code });
  const svg = s("svg", { class: `map${region.box ? " part" : ""}`, viewBox: `0 0 ${WIDTH} ${height}`, role: "img",
    "aria-label": `Map: share of all bytes that a jurisdiction ${MEASURES[measure].verb}. Every jurisdiction is in the list "Jurisdiction" above and in the table below.` });
  svg.append(content);
  content.append(s("path", { ...thin, class: "edge", d: map.edge }),
    ...map.uncoded.map(({ name, outline }) => s("path", { ...thin, class: "uncoded", d: outline },
      s("title", null, `${name}: drawn apart by the atlas, without an ISO code`))));
  const areas: SVGElement[] = [];
  const points: SVGElement[] = [];
  for (const place of map.places.values()) {
    const flow = flows.get(place.code);
    const part = flow ? share(MEASURES[measure].of(flow), model.total.bytes) ?? 0 : 0;
    const tone = part > 0 ? ` ramp-${step(part)}` : "";
    const title = s("title", null, `${nameOf(place.code)}: ${part > 0 ? percent(part) : "nothing seen"}`);
    const common = { ...thin, class: `place land${tone}${place.code === chosen ? " chosen" : ""}`, "data-code": place.code, click: choose(place.code) };
    if (place.outline !== null) areas.push(s("path", { ...common, d: place.outline }, title));
    else points.push(s("circle", { ...common, cx: place.x.toFixed(1), cy: place.y.toFixed(1), r: ((part > 0 ? 4 : 2.6) * Math.max(0.35, scale)).toFixed(2) }, title));
  }
  // The chosen area's outline is not covered by its neighbours'.
  areas.sort((a, b) => Number(a.classList.contains("chosen")) - Number(b.classList.contains("chosen")));
  content.append(...areas, ...points);
  const arcs = lens.pairs.filter((p) => p.src !== p.dst && map.places.has(p.src) && map.places.has(p.dst) &&
    (chosen === null || p.src === chosen || p.dst === chosen)).slice(0, ARCS);
  const most = arcs[0]?.bytes ?? 1;
  // Thin ones on top of wide ones.
  for (const pair of arcs) {
    content.append(s("path", { class: "arc", "data-pair": `${pair.src}-${pair.dst}`,
      d: arc(map.places.get(pair.src)!, map.places.get(pair.dst)!, (1 + 6 * Math.sqrt(pair.bytes / most)) * Math.max(0.3, scale)) }));
  }
  return svg;
}

function key(measure: Measure, files: HTMLElement): HTMLElement {
  return h("div", { class: "map-key" },
    h("ol", { class: "steps", "aria-label": `Colours: share of all bytes that a jurisdiction ${MEASURES[measure].verb}` },
      ...STEP_WORDS.map((word, i) => h("li", null, s("svg", { viewBox: "0 0 10 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        s("rect", { class: `ramp-${i}`, width: 10, height: 10 })), word))),
    files, h("p", { class: "note" }, ARCS_NOTE));
}

function disagreement(model: Model): HTMLElement {
  const line = (name: "registered" | "operator") => {
    const found = model.disagreement[name];
    if (!found || found.comparable_bytes === 0) return `${LENS_WORDS[name].label}: cannot be compared here.`;
    return `${LENS_WORDS[name].label} differs from location on ${percent(share(found.bytes, found.comparable_bytes))} of the ${
      bytes(found.comparable_bytes)} whose receiver has both.`;
  };
  return h("p", { class: "disagreement" }, `${line("registered")} ${line("operator")}`);
}

// Who is neither an area nor a point on the map: specials, and codes that nobody knows.
function elsewhere(flows: ReadonlyMap<string, Flow>, model: Model): HTMLElement | null {
  const map = geography();
  const rows = [...flows.values()].filter((f) => !map.places.has(f.code)).sort((a, b) => b.out + b.in - a.out - a.in);
  if (rows.length === 0) return null;
  return h("p", { class: "note" }, `Not on the map: ${rows.map((f) => `${nameOf(f.code)}${isSpecial(f.code) ? "" : " (no ISO code)"} ${
    percent(share(f.out + f.in + f.within, model.total.bytes))}`).join(", ")}.`);
}

function largest(context: Context, flows: readonly Flow[], measure: Measure): HTMLElement {
  const rows = flows.slice(0, LISTED);
  return h("div", { class: "side" }, h("h2", null, "Largest"), h("p", { class: "note" }, `Share of all bytes that each ${MEASURES[measure].verb}. Choose one for its detail.`),
    ranking(rows.map((f) => ({
      label: h("button", { type: "button", class: "plain", id: `at-${f.code}`, click: () => context.url.set({ at: f.code }) }, nameOf(f.code)),
      name: nameOf(f.code), value: MEASURES[measure].of(f),
    })), context.model.total.bytes, "ramp-4"));
}

function detail(context: Context, lens: Lens, flow: Flow | undefined, code: string): HTMLElement {
  const { model, url } = context;
  const total = model.total.bytes;
  const heading = h("div", { class: "row" }, h("h2", null, nameOf(code)),
    h("button", { type: "button", class: "quiet", id: "at-close", click: () => url.set({ at: null }) }, "Close"));
  if (!flow) return h("div", { class: "side" }, heading, h("p", null, "Nothing seen here by this lens."));
  const list = (title: string, rows: readonly { key: string; bytes: number }[]) => rows.length === 0 ? []
    : [h("h3", null, title), ranking(rows.slice(0, 5).map((r) => ({ label: r.key, value: r.bytes })), total, "ramp-4")];
  const outgoing = lens.pairs.filter((p) => p.src === code && p.dst !== code);
  const incoming = lens.pairs.filter((p) => p.dst === code && p.src !== code);
  const figure = (label: string, value: number) => [h("dt", null, label), h("dd", null, `${bytes(value)}, ${percent(share(value, total))}`)];
  return h("div", { class: "side" }, heading,
    h("dl", { class: "facts" }, ...figure("Sends to others", flow.out), ...figure("Receives from others", flow.in),
      ...figure("Stays inside", flow.within),
      h("dt", null, "Flows across its border"), h("dd", null, grouped(sum([...outgoing, ...incoming]).flows))),
    ...list("Sends to", ranked(outgoing, (p) => nameOf(p.dst))),
    ...list("Receives from", ranked(incoming, (p) => nameOf(p.src))));
}

// What kinds of data a jurisdiction sends and receives: streams are known by location only.
function kinds(model: Model, code: string): HTMLElement | null {
  const streams = model.streams.rows.filter((r) => r.src === code || r.dst === code);
  if (streams.length === 0) return null;
  const labels = new Map(model.categories.map((c) => [c.category, c.label.replace(/\.$/, "")]));
  return section(`Kinds of data, ${nameOf(code)}`, "Sent, received or kept inside, by location; shares of all bytes.",
    ranking(ranked(streams, (r) => labels.get(r.category) || r.category).slice(0, LISTED).map((r) => ({ label: r.key, value: r.bytes })),
      model.total.bytes, "category-2"));
}

export const map: View = {
  id: "map",
  title: "Map",
  render(container, context) {
    const { model, url } = context;
    if (model.total.frames === 0) {
      container.append(whyNothing(model));
      return;
    }
    const { name, lens } = currentLens(context);
    const chosen = url.get("at");
    const measure = (["out", "in"] as const).find((m) => m === url.get("by")) ?? "both";
    const region = url.get("region") ?? "world";
    container.append(h("div", { class: "controls" }, lensSwitch(context),
      choice(context, "by", "Colour", (Object.keys(MEASURES) as Measure[]).map((m) => ({ value: m, label: MEASURES[m].label })), measure),
      select(context, "region", "Region", Object.entries(REGIONS).map(([value, { label }]) => ({ value, label })), region),
      select(context, "at", "Jurisdiction", [{ value: "", label: "all" },
        ...[...CODES].map((code) => ({ value: code, label: nameOf(code) })).sort((a, b) => a.label.localeCompare(b.label, "en"))], chosen ?? "")),
    disagreement(model));
    if (!lens) {
      container.append(nothing(`By ${LENS_WORDS[name].label.toLowerCase()}, nothing was measured: no database in use says ${LENS_WORDS[name].meaning}.`,
        "Choose another lens, or add a database that says it (borderflow geo info shows what one has)."));
      return;
    }
    const flows = byJurisdiction(lens);
    const rows = [...flows.values()].filter((f) => MEASURES[measure].of(f) > 0)
      .sort((a, b) => MEASURES[measure].of(b) - MEASURES[measure].of(a) || (a.code < b.code ? -1 : 1));
    const drawn = picture(context, lens, flows, measure, chosen, region);
    const columns: FileColumn<Flow>[] = [
      { title: "Jurisdiction", cell: (f) => nameOf(f.code), value: (f) => f.code },
      { title: "Sends to others", numeric: true, cell: (f) => bytes(f.out), value: (f) => f.out },
      { title: "Receives from others", numeric: true, cell: (f) => bytes(f.in), value: (f) => f.in },
      { title: "Stays inside", numeric: true, cell: (f) => bytes(f.within), value: (f) => f.within },
      { title: "Share of all bytes", numeric: true, cell: (f) => percent(share(MEASURES[measure].of(f), model.total.bytes)),
        value: (f) => share(MEASURES[measure].of(f), model.total.bytes) },
    ];
    const outside = [lens.other.bytes > 0 ? `${bytes(lens.other.bytes)} of smaller pairs are not listed` : null,
      lens.suppressed.bytes > 0 ? `${bytes(lens.suppressed.bytes)} are suppressed` : null].filter((text) => text !== null);
    container.append(...[
      h("div", { class: "map-and-side" },
        h("div", null, drawn, key(measure, pictureFiles(context, "map",
            `Share of all bytes that a jurisdiction ${MEASURES[measure].verb}, by ${LENS_WORDS[name].label.toLowerCase()}`,
            `${COLOURS} ${ARCS_NOTE} ${BORDERS}`, drawn, columns, rows)), elsewhere(flows, model),
          outside.length > 0 ? h("p", { class: "note" }, `${outside.join("; ")}; in the total all the same.`) : null,
          h("p", { class: "note" }, BORDERS),
          asTable("map-table", `Bytes by jurisdiction (${LENS_WORDS[name].label.toLowerCase()})`, columns, rows), chosen ? kinds(model, chosen) : null),
        chosen ? detail(context, lens, flows.get(chosen), chosen) : largest(context, rows, measure)),
      section("What this lens is", null, h("p", null, `${LENS_WORDS[name].label}: ${LENS_WORDS[name].meaning}. ${
        lens.basis.length > 0 ? `It rests on: ${lens.basis.join(", ")}${lens.age_days === null ? "" : ` (${age(lens.age_days)})`}.` : ""} ${
        lens.known === null ? "" : `Both ends are known for ${percent(lens.known)} of the bytes.`}`)),
    ]);
  },
};
