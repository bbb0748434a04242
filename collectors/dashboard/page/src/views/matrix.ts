// Source by destination: who sends to whom, under each lens and for each category.
import { choice, currentLens, LENS_WORDS, lensSwitch, nothing, select } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h, type Child } from "../dom.ts";
import { percent, share } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import { NOTHING, streamsBy, type Counts, type Lens, type LensName, type Pair } from "../model.ts";
import { controls, picked } from "../parts/controls.ts";
import { figure, type FileColumn } from "../parts/figure.ts";
import { cellField, streamsSection } from "../parts/streams.ts";
import { gridTable, gridPicture, keyName, rampLegend } from "../parts/grid.ts";
import { whyNothing } from "./overview.ts";
import { grid, OTHER, pairsOfCategory, streamsBehind, type Grid, type GridOrder } from "../rows/matrix.ts";
import { ramp } from "../rows/ramp.ts";
import { amount, UNITS, type Unit } from "../rows/units.ts";
import "./matrix.css";

const ORDERS: readonly { value: GridOrder; label: string }[] = [
  { value: "both", label: "sent and received" },
  { value: "out", label: "sent" },
  { value: "in", label: "received" },
  { value: "name", label: "name" },
];
const TOPS = [12, 20, 40].map((n) => ({ value: String(n), label: String(n) }));

interface Asked {
  pairs: readonly Pair[];
  other: Counts;
  // What the picture cannot hold: said below it, so that nobody adds up to the wrong total.
  left: { text: string; counts: Counts }[];
}

// The lens's pairs, or those of one category where the model has them.
function asked(context: Context, lens: Lens, isLocation: boolean, category: string): Asked | null {
  const withheld = (counts: Counts) =>
    counts.bytes > 0 ? [{ text: "withheld, because too few clients are behind it", counts }] : [];
  if (category === "") return { pairs: lens.pairs, other: lens.other, left: withheld(lens.suppressed) };
  const split = lens as Lens & {
    by_category?: (Pair & { category: string })[]; by_category_other?: Counts; by_category_suppressed?: Counts;
  };
  const published = (split.by_category ?? []).length > 0;
  if (published) {
    const folded = split.by_category_other ?? NOTHING;
    return {
      pairs: split.by_category!.filter((pair) => pair.category === category),
      other: NOTHING,
      left: [...withheld(split.by_category_suppressed ?? lens.suppressed),
        ...(folded.bytes > 0 ? [{ text: "in pairs too small to be split by category", counts: folded }] : [])],
    };
  }
  if (!isLocation) return null;
  const { streams } = context.model;
  return {
    pairs: pairsOfCategory(streams.rows, category),
    other: NOTHING,
    left: [...withheld(streams.suppressed),
      ...(streams.other.bytes > 0
        ? [{ text: "in streams too small to be listed by category", counts: streams.other }] : [])],
  };
}

interface Flat {
  src: string;
  dst: string;
  value: number;
}

function flatColumns(unit: Unit, of: Grid): FileColumn<Flat>[] {
  return [
    { title: "Source", cell: (row) => keyName(row.src, of), value: (row) => (row.src === OTHER ? "other" : row.src) },
    { title: "Destination", cell: (row) => keyName(row.dst, of), value: (row) => (row.dst === OTHER ? "other" : row.dst) },
    { title: unit === "bytes" ? "Bytes" : unit === "flows" ? "Flows" : "Frames", numeric: true,
      cell: (row) => amount(row.value, unit), value: (row) => row.value },
    { title: "Share", numeric: true, cell: (row) => percent(share(row.value, of.total)),
      value: (row) => share(row.value, of.total) },
  ];
}

function flat(of: Grid): Flat[] {
  return of.cells.flatMap((row, r) => row.map((value, c) =>
    ({ src: of.keys[r]!, dst: of.keys[c]!, value }))).filter((cell) => cell.value > 0)
    .sort((a, b) => b.value - a.value);
}

function title(src: string | null, dst: string | null, of: Grid): string {
  if (src !== null && dst !== null) return `From ${keyName(src, of)} to ${keyName(dst, of)}`;
  return src !== null ? `From ${keyName(src, of)}` : `To ${keyName(dst!, of)}`;
}

// "DE>US": a cell; "DE>": a row; ">US": a column.
function place(context: Context, of: Grid): { src: string | null; dst: string | null } | null {
  const text = context.url.get("cell");
  const middle = text?.indexOf(">") ?? -1;
  if (!text || middle < 0) return null;
  const src = text.slice(0, middle) || null;
  const dst = text.slice(middle + 1) || null;
  const known = (key: string | null) => key === null || of.keys.includes(key);
  return (src !== null || dst !== null) && known(src) && known(dst) ? { src, dst } : null;
}

function render(container: HTMLElement, context: Context): void | (() => void) {
  const { model, url } = context;
  if (model.total.frames === 0) {
    container.append(whyNothing(model));
    return;
  }
  const unit = picked(url, "unit", UNITS) as Unit;
  const order = picked(url, "order", ORDERS) as GridOrder;
  const top = Number(picked(url, "top", TOPS));
  const categories = [{ value: "", label: "all" }, ...model.categories.map((row) =>
    ({ value: row.category, label: `${row.category}: ${row.label}` }))];
  const category = picked(url, "category", categories);
  const { name, lens } = currentLens(context);
  container.append(controls("What the matrix shows", lensSwitch(context),
    choice(context, "unit", "By", UNITS, unit),
    select(context, "category", "Category", categories, category),
    select(context, "order", "Order by", ORDERS, order),
    select(context, "top", "Jurisdictions", TOPS, String(top))));
  if (!lens) {
    container.append(nothing(`The lens "${LENS_WORDS[name].label}" was not measured here: ${
      LENS_WORDS[name].meaning}.`, "Choose another lens above."));
    return;
  }
  const data = asked(context, lens, name === "location", category);
  if (!data) {
    container.append(nothing(`This document does not split the lens "${LENS_WORDS[name].label}" by category, so ${category} cannot be shown under it.`,
      "Choose the lens Location, or all categories."));
    return;
  }
  const of = grid(data.pairs, data.other, { unit, order, top, names: nameOf });
  if (of.total === 0) {
    container.append(nothing(category !== "" ? `No traffic of category ${category} was seen under this lens.`
      : "No pair of jurisdictions was seen under this lens, or all were withheld."));
    return;
  }
  const values = of.cells.flat().filter((value) => value > 0);
  const scale = ramp(values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b)));
  const at = place(context, of);
  const choose = (src: string | null, dst: string | null): void => {
    const next = `${src ?? ""}>${dst ?? ""}`;
    url.set({ cell: url.get("cell") === next ? null : next });
  };
  const heading = category === "" ? "Source by destination" : `Source by destination, ${category}`;
  const ending = figure(container, context, {
    id: "matrix",
    title: heading,
    fileTitle: `${heading}, jurisdictions by ${LENS_WORDS[name].label.toLowerCase()}, ${unit}`,
    says: `Rows send, columns receive; jurisdictions by ${LENS_WORDS[name].label.toLowerCase()}: ${
      LENS_WORDS[name].meaning}. A framed cell stays within one jurisdiction. Choose a cell, a row or a column for what is behind it.`,
    above: rampLegend(scale, unit),
    picture: gridTable(of, scale, unit, at, choose),
    drawFile: () => gridPicture(of, scale, unit),
    figures: { caption: `${heading}: every cell`, columns: flatColumns(unit, of), rows: flat(of) },
  });
  container.append(totals(of, data, unit, model.total));
  if (at) container.append(behind(context, of, at, name, category, title(at.src, at.dst, of)));
  return ending;
}

function totals(of: Grid, data: Asked, unit: Unit, all: Counts): Child & Node {
  const left = data.left.map(({ text, counts }) => ` ${amount(counts[unit], unit)} ${text}.`).join("");
  return h("p", { class: "note", id: "matrix-total" },
    `Shown: ${amount(of.total, unit)}, ${percent(share(of.total, all[unit]))} of all ${unit}.${left}${
      of.folded > 0 ? ` ${amount(of.folded, unit)} of it in pairs beyond the largest, under "other".` : ""}`);
}

function behind(context: Context, of: Grid, at: { src: string | null; dst: string | null },
  lens: LensName, category: string, heading: string): HTMLElement {
  const close = (): void => context.url.set({ cell: null });
  const streams = streamsBy(context.model, lens);
  if (!streams) {
    return h("section", { class: "section" }, h("h2", null, heading),
      nothing("This document has streams by location only: choose the lens Location to see the categories and operators behind a cell."));
  }
  const rows = streamsBehind(streams.rows, of.keys, at.src, at.dst, category || null);
  const exact = at.src !== OTHER && at.dst !== OTHER;
  return streamsSection(context, heading, rows, {
    close,
    cellsFilter: exact ? {
      ...(at.src !== null && { [cellField("src", lens)]: at.src }), ...(at.dst !== null && { [cellField("dst", lens)]: at.dst }),
    } : null,
    ...(streams.other.bytes > 0 && {
      note: `Streams beyond the largest ${streams.rows.length} are not among them.`,
    }),
  });
}

export const matrix: View = { id: "matrix", title: "Matrix", render };
