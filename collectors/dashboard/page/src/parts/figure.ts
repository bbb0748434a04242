// A picture with its caption, its files and its table: the same frame for every picture.
import { table, type Column } from "../components.ts";
import type { Context } from "../context.ts";
import { h, type Child } from "../dom.ts";
import { csv, type CsvValue } from "../export/csv.ts";
import { download, fileName } from "../export/download.ts";
import { svgFile } from "../export/svg.ts";
import { percent, time } from "../format.ts";
import { tool } from "./controls.ts";

// A column that also goes into files.
export interface FileColumn<Row> extends Column<Row> {
  value(row: Row): CsvValue;
}

export interface Figures<Row> {
  caption: string;
  columns: readonly FileColumn<Row>[];
  rows: readonly Row[];
}

export interface Figure<Row> {
  id: string; // of the section and its files: "matrix"
  title: string;
  fileTitle?: string; // where the page says by its controls what the file must say itself
  says?: Child; // under the title
  above?: Child; // a legend
  // Draws the picture at a width, again when the width changes. REQUIRES: viewBox "0 0 W H".
  draw?: (width: number) => SVGSVGElement;
  // Where the page itself shows something else than an SVG: that, and the picture for the file.
  picture?: HTMLElement;
  drawFile?: () => SVGSVGElement;
  figures?: Figures<Row>; // the same in figures: a table folded away, and a file
}

// The same words on the page and in every file: what the figures are of and how far they reach.
export function provenanceNote(context: Context): string {
  const { source, coverage, privacy, software } = context.model;
  const parts = [
    source.first && source.last ? `${time(source.first)} to ${time(source.last)}` : "no traffic",
    source.sensor ? `sensor ${source.sensor}` : null,
    `${percent(coverage.located)} of bytes located, ${percent(coverage.classified)} classified`,
    privacy.suppressed
      ? `cells of fewer than ${privacy.min_cell ?? "a few"} clients withheld` : null,
    "locations are a database's belief, verdicts indicative",
    `${software.name} ${software.version}`.trim(),
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

export function saveCsv<Row>(context: Context, id: string, columns: readonly FileColumn<Row>[],
  rows: readonly Row[]): void {
  const text = csv(columns.map((column) => column.title),
    rows.map((row) => columns.map((column) => column.value(row))));
  download(fileName(id, context.model.source.last, "csv"), "text/csv", text);
}

// Styles are computed in the document only: a picture that is not shown stands there for a moment.
function staged<T>(svg: SVGSVGElement, work: () => T): T {
  const stage = h("div", { class: "off-stage", "aria-hidden": "true" }, svg);
  document.body.append(stage);
  const result = work();
  stage.remove();
  return result;
}

// A picture's figures as a table, made when somebody asks: it may hold thousands of cells.
function folded<Row>(id: string, figures: Figures<Row>): HTMLElement {
  const details = h("details", { class: "as-table", id: `${id}-details` },
    h("summary", { id: `${id}-summary` }, "The same as a table"));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) {
      details.append(table(id, figures.caption, figures.columns, figures.rows));
    }
  });
  return details;
}

// Appends the section; what it returns ends its watching of the width.
export function figure<Row>(container: HTMLElement, context: Context, of: Figure<Row>): () => void {
  const place = h("div", { class: "picture" }, of.picture ?? null);
  const tools = h("div", { class: "tools" });
  const save = (svg: SVGSVGElement): void => {
    const text = svgFile(svg, { title: of.fileTitle ?? of.title, note: provenanceNote(context) });
    download(fileName(of.id, context.model.source.last, "svg"), "image/svg+xml", text);
  };
  if (of.draw || of.drawFile) {
    tools.append(tool(`${of.id}-svg`, "SVG", `${of.title}: save the picture as SVG`, () => {
      const shown = of.draw ? place.querySelector("svg") : null;
      if (shown) return save(shown);
      const drawn = of.drawFile?.();
      if (drawn) staged(drawn, () => save(drawn));
    }));
  }
  const { figures } = of;
  if (figures) {
    tools.append(tool(`${of.id}-csv`, "CSV", `${of.title}: save the figures as CSV`,
      () => saveCsv(context, of.id, figures.columns, figures.rows)));
  }
  container.append(h("section", { class: "section", id: of.id, "aria-labelledby": `${of.id}-title` },
    h("h2", { id: `${of.id}-title` }, of.title), tools,
    of.says ? h("p", { class: "note" }, of.says) : null, of.above ?? null, place,
    figures ? folded(`${of.id}-figures`, figures) : null));
  const { draw } = of;
  if (!draw) return () => {};
  let drawnAt = 0;
  const redraw = (): void => {
    const width = Math.round(place.getBoundingClientRect().width) || 800;
    if (width === drawnAt) return;
    drawnAt = width;
    const focused = place.contains(document.activeElement) ? document.activeElement?.id : null;
    place.replaceChildren(draw(width));
    if (focused) document.getElementById(focused)?.focus();
  };
  redraw();
  const watch = new ResizeObserver(redraw);
  watch.observe(place);
  return () => watch.disconnect();
}
