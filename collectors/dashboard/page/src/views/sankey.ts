// Where data come from, of what kind they are, where they go and under whose control they end.
import { choice, currentLens, LENS_WORDS, lensSwitch, nothing, select } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h } from "../dom.ts";
import { percent, share } from "../format.ts";
import { streamsBy } from "../model.ts";
import { categoryList } from "../parts/categories.ts";
import { controls, picked } from "../parts/controls.ts";
import { figure, type FileColumn } from "../parts/figure.ts";
import { COLUMN_TITLES, nodeName, sankeyPicture } from "../parts/sankey_picture.ts";
import { cellField, streamsSection } from "../parts/streams.ts";
import { OTHER } from "../rows/matrix.ts";
import {
  COLUMNS, sankeyFigure, streamsThrough, type SankeyFigure, type SankeyLink,
} from "../rows/sankey.ts";
import { amount, UNITS, type Unit } from "../rows/units.ts";
import { whyNothing } from "./overview.ts";
import "./sankey.css";

const TOPS = [10, 6, 16].map((n) => ({ value: String(n), label: String(n) }));

function linkColumns(of: SankeyFigure, unit: Unit): FileColumn<SankeyLink>[] {
  const byId = new Map(of.nodes.map((node) => [node.id, node]));
  const name = (id: string): string => nodeName(byId.get(id)!, of);
  const step = (row: SankeyLink): string => {
    const column = byId.get(row.source)!.column;
    return `${COLUMN_TITLES[column]!} to ${COLUMN_TITLES[column + 1]!.toLowerCase()}`;
  };
  return [
    { title: "From", cell: (row) => name(row.source), value: (row) => name(row.source) },
    { title: "To", cell: (row) => name(row.target), value: (row) => name(row.target) },
    { title: "Step", cell: step, value: step },
    { title: unit === "bytes" ? "Bytes" : unit === "flows" ? "Flows" : "Frames", numeric: true,
      cell: (row) => amount(row.value, unit), value: (row) => row.value },
    { title: "Share", numeric: true, cell: (row) => percent(share(row.value, of.total)),
      value: (row) => share(row.value, of.total) },
  ];
}

function render(container: HTMLElement, context: Context): void | (() => void) {
  const { model, url } = context;
  if (model.total.frames === 0) {
    container.append(whyNothing(model));
    return;
  }
  const unit = picked(url, "unit", UNITS) as Unit;
  const top = Number(picked(url, "top", TOPS));
  const categories = [{ value: "", label: "all" }, ...model.categories.map((row) =>
    ({ value: row.category, label: `${row.category}: ${row.label}` }))];
  const category = picked(url, "category", categories);
  const { name: lens } = currentLens(context);
  container.append(controls("What the diagram shows", lensSwitch(context), choice(context, "unit", "By", UNITS, unit),
    select(context, "category", "Category", categories, category),
    select(context, "top", "Named in each column", TOPS, String(top))));
  const streams = streamsBy(model, lens);
  const seenBy = LENS_WORDS[lens].label.toLowerCase();
  if (!streams) {
    container.append(model.lenses[lens]
      ? nothing(`Streams by ${seenBy} are not in this document${model.privacy.suppressed ? ": a sensor publishes them by location only" : ""}.`, "Choose the lens Location.")
      : nothing(`The lens "${LENS_WORDS[lens].label}" was not measured here: ${LENS_WORDS[lens].meaning}.`, "Choose another lens above."));
    return;
  }
  const rows = category === "" ? streams.rows : streams.rows.filter((row) => row.category === category);
  const folded = category === "" ? streams.other : null;
  const wanted = url.get("at");
  // By operator, the destination is whose network it is: a column more would say it twice.
  const columns = lens === "operator" ? 3 : 4;
  let of = sankeyFigure(rows, folded, { unit, top, at: wanted, columns });
  const at = of.nodes.some((node) => node.id === wanted) ? wanted : null;
  if (!at && wanted) of = sankeyFigure(rows, folded, { unit, top, columns });
  if (of.total === 0) {
    container.append(nothing(category !== "" ? `No stream of category ${category} was seen, or all were withheld.`
      : "No stream was seen, or all were withheld."));
    return;
  }
  const choose = (id: string): void => url.set({ at: url.get("at") === id ? null : id });
  const heading = category !== "" ? `Source, destination and operator of ${category}`
    : COLUMN_TITLES.slice(0, columns).map((title, i) => (i === 0 ? title : title.toLowerCase())).join(", ");
  const ending = figure(container, context, {
    id: "sankey",
    title: heading,
    fileTitle: `${heading}, jurisdictions by ${seenBy}, ${unit}`,
    says: `Widths are exact, and every column adds up to the same total. Source and destination by ${seenBy}: ${LENS_WORDS[lens].meaning}${
      columns === 4 ? "; operator is the home jurisdiction of the organisation that runs the receiver's network" : ""}. Choose a place for what passes through it.`,
    draw: (width) => sankeyPicture(of, { width, unit, at, choose }),
    figures: { caption: "Every step of the diagram", columns: linkColumns(of, unit), rows: of.links },
  });
  const left = [
    of.folded > 0 ? `${amount(of.folded, unit)} in streams beyond the largest stand under "others".` : "",
    category !== "" && streams.other[unit] > 0
      ? `${amount(streams.other[unit], unit)} in streams too small to be listed by category are not in the picture.` : "",
    streams.suppressed[unit] > 0
      ? `${amount(streams.suppressed[unit], unit)} are withheld, because too few clients are behind them.` : "",
  ].filter(Boolean).join(" ");
  container.append(h("p", { class: "note", id: "sankey-total" },
    `Shown: ${amount(of.total, unit)}, ${percent(share(of.total, model.total[unit]))} of all ${unit}. ${left}`));
  const codes = categoryList(context, of.nodes.filter((node) => node.column === 1 && node.key !== OTHER).map((node) => node.key));
  if (codes) container.append(codes);
  if (at) {
    const node = of.nodes.find((candidate) => candidate.id === at)!;
    const field = COLUMNS[node.column]!;
    const key = field === "operator" ? "dst_operator" : field === "category" ? field : cellField(field, lens);
    container.append(streamsSection(context,
      `${COLUMN_TITLES[node.column]}: ${nodeName(node, of)}`, streamsThrough(rows, of, at), {
        close: () => url.set({ at: null }),
        cellsFilter: node.key === OTHER ? null : { [key]: node.key },
      }));
  }
  return ending;
}

export const sankey: View = { id: "sankey", title: "Sankey", render };
