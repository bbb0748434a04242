// The streams behind a place of a picture: what a click on it shows.
import { table, nothing } from "../components.ts";
import type { Context } from "../context.ts";
import { h } from "../dom.ts";
import { bytes, grouped, percent } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import type { LensName, Stream } from "../model.ts";
import { categoryWord } from "./categories.ts";
import { saveCsv, type FileColumn } from "./figure.ts";
import { tool } from "./controls.ts";

const MOST = 25;

function streamColumns(context: Context, total: number): FileColumn<Stream>[] {
  return [
    { title: "Source", cell: (row) => nameOf(row.src), value: (row) => row.src },
    { title: "Category", cell: (row) => categoryWord(context, row.category), value: (row) => row.category },
    { title: "Destination", cell: (row) => nameOf(row.dst), value: (row) => row.dst },
    { title: "Receiver's operator", cell: (row) => nameOf(row.operator), value: (row) => row.operator },
    { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes), value: (row) => row.bytes },
    { title: "Share", numeric: true, cell: (row) => percent(total > 0 ? row.bytes / total : null),
      value: (row) => (total > 0 ? row.bytes / total : null) },
    { title: "Flows", numeric: true, cell: (row) => grouped(row.flows), value: (row) => row.flows },
    { title: "Frames", numeric: true, cell: (row) => grouped(row.frames), value: (row) => row.frames },
  ];
}

// The field of a cell that an end is under a lens.
export function cellField(end: "src" | "dst", lens: LensName): string {
  return lens === "location" ? end : `${end}_${lens}`;
}

// `cellsFilter` leads to the same rows in the table of cells, where a filter can say them.
export function streamsSection(context: Context, title: string, rows: readonly Stream[],
  options: { note?: string; close: () => void; cellsFilter?: Record<string, string> | null },
): HTMLElement {
  const sorted = [...rows].sort((a, b) => b.bytes - a.bytes);
  const sum = sorted.reduce((s, row) => s + row.bytes, 0);
  const total = context.model.total.bytes;
  const shown = sorted.slice(0, MOST);
  const columns = streamColumns(context, total);
  const head = `${grouped(sorted.length)} ${sorted.length === 1 ? "stream" : "streams"}, ${bytes(sum)}, ${
    percent(total > 0 ? sum / total : null)} of all bytes.`;
  const cut = sorted.length > MOST ? ` The ${MOST} largest are shown; the file has all.` : "";
  return h("section", { class: "section detail-section", id: "streams", "aria-labelledby": "streams-title" },
    h("h2", { id: "streams-title" }, title),
    h("div", { class: "tools" },
      options.cellsFilter
        ? h("a", { id: "streams-cells", href: context.url.link("table", options.cellsFilter) }, "Cells") : null,
      tool("streams-csv", "CSV", `${title}: save the streams as CSV`,
        () => saveCsv(context, "streams", columns, sorted)),
      tool("streams-close", "Close", null, options.close)),
    h("p", { class: "note" }, head + cut + (options.note ? ` ${options.note}` : "")),
    sorted.length === 0
      ? nothing("No stream of the model is behind this place: what it holds is folded into \"other\", or withheld.")
      : table("streams-table", `${title}: the largest streams`, columns, shown));
}
