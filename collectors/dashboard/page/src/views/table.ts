// The cells themselves: filters on every field, any order, and sums of what is shown against all.
import { nothing } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h, type Child } from "../dom.ts";
import { bytes, grouped, percent, share } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import type { Cell } from "../model.ts";
import { categoryWord } from "../parts/categories.ts";
import { controls, switcher, tool } from "../parts/controls.ts";
import { filterForm, filterWords } from "../parts/filters.ts";
import { saveCsv } from "../parts/figure.ts";
import {
  fieldOf, FIELDS, matches, pageOf, readConditions, sorted, sums, valueOf, type CellSums,
  type Field, type Order, type Page,
} from "../rows/cells.ts";
import { whyNothing } from "./overview.ts";
import "./table.css";

const PAGE_SIZE = 50;

// "-bytes": descending.
function orderOf(context: Context): Order {
  const text = context.url.get("sort") ?? "-bytes";
  const descending = text.startsWith("-");
  const field = fieldOf(descending ? text.slice(1) : text);
  return field ? { field, descending } : { field: fieldOf("bytes")!, descending: true };
}

function cellText(context: Context, field: Field, value: string | number): Child {
  if (field.jurisdiction) return nameOf(String(value));
  if (field.key === "src_as" || field.key === "dst_as") {
    const names = (context.model as unknown as { as_names?: Record<string, string> }).as_names;
    const name = names?.[String(value)];
    return String(value) === "0" ? "not known" : name ? `AS${value} ${name}` : `AS${value}`;
  }
  if (field.key === "category") return categoryWord(context, String(value));
  if (field.key === "entity") return String(value) === "0" ? "none" : String(value);
  if (field.key === "confidence") return `${Math.round(100 * Number(value))} %`;
  if (field.key === "bytes" || field.key === "payload_bytes") return bytes(Number(value));
  return field.kind === "number" ? grouped(Number(value)) : String(value);
}

function header(context: Context, field: Field, order: Order): HTMLElement {
  const own = order.field.key === field.key;
  const descending = own ? !order.descending : field.kind === "number";
  return h("th", { scope: "col", class: field.kind === "number" ? "number" : null,
    "aria-sort": own ? (order.descending ? "descending" : "ascending") : null },
  h("button", { type: "button", id: `sort-${field.key}`, class: "sorter",
    click: () => context.url.set({ sort: `${descending ? "-" : ""}${field.key}`, page: null }) },
  field.title, h("span", { class: "arrow", "aria-hidden": "true" }, own ? (order.descending ? " ↓" : " ↑") : "")));
}

function sumRow(title: string, fields: readonly Field[], sum: CellSums): HTMLElement {
  const first = fields.findIndex((field) => field.kind === "number");
  return h("tr", null, h("th", { scope: "row", colspan: Math.max(1, first) }, title),
    ...fields.slice(Math.max(1, first)).map((field) => h("td", { class: field.kind === "number" ? "number" : null },
      field.key === "bytes" || field.key === "payload_bytes" ? bytes(sum[field.key])
        : field.key === "frames" || field.key === "flows" ? grouped(sum[field.key]) : "")));
}

function pager(context: Context, page: Page, count: number): HTMLElement {
  const go = (id: string, title: string, to: number, enabled: boolean): HTMLElement =>
    h("button", { type: "button", class: "quiet", id, disabled: !enabled,
      click: () => context.url.set({ page: to === 1 ? null : to }) }, title);
  return h("div", { class: "pager", role: "group", "aria-label": "Pages" },
    go("page-first", "First", 1, page.page > 1), go("page-back", "Previous", page.page - 1, page.page > 1),
    h("span", { id: "page-where" }, count === 0 ? "No cell" : `${grouped(page.first)} to ${grouped(page.last)} of ${grouped(count)}`),
    go("page-on", "Next", page.page + 1, page.page < page.pages), go("page-last", "Last", page.pages, page.page < page.pages));
}

// What part of everything the cells shown are, and what the model does not carry.
function summary(context: Context, chosen: CellSums, all: CellSums): string {
  const { cells, total } = context.model;
  const rest = cells.of - cells.rows.length;
  return [
    `${grouped(chosen.cells)} of ${grouped(all.cells)} cells: ${bytes(chosen.bytes)}, ${percent(share(chosen.bytes, total.bytes))} of all bytes;`,
    `${grouped(chosen.flows)} flows, ${percent(share(chosen.flows, total.flows))}; ${grouped(chosen.frames)} frames, ${percent(share(chosen.frames, total.frames))}.`,
    rest > 0 || cells.other.bytes > 0
      ? `This document carries the largest ${grouped(cells.rows.length)} of ${grouped(cells.of)} cells; the others hold ${bytes(cells.other.bytes)}.` : "",
    cells.suppressed.bytes > 0 ? `${bytes(cells.suppressed.bytes)} are withheld, because too few clients are behind them.` : "",
  ].filter(Boolean).join(" ");
}

function render(container: HTMLElement, context: Context): void {
  const { model, url } = context;
  const { rows } = model.cells;
  if (model.total.frames === 0) {
    container.append(whyNothing(model));
    return;
  }
  if (rows.length === 0) {
    container.append(nothing(model.privacy.suppressed ? `Every cell was withheld, because fewer than ${model.privacy.min_cell ?? "a few"} clients are behind it.`
      : "This document carries no cells."));
    return;
  }
  const conditions = readConditions((key) => url.get(key));
  // A sensor publishes fewer fields than a report holds.
  const present = FIELDS.filter((field) => rows.some((row) => row[field.key] !== undefined));
  const fields = present.filter((field) => field.short || url.get("all") === "1");
  const order = orderOf(context);
  const chosen = sorted(rows.filter((row) => matches(row, conditions)), order);
  const page = pageOf(chosen, url.number("page", 1), PAGE_SIZE);
  const [shown, all] = [sums(chosen), sums(rows)];
  const body = page.rows.map((row) => h("tr", null, ...fields.map((field) => {
    const text = cellText(context, field, valueOf(row, field));
    return h("td", { class: field.kind === "number" ? "number" : null }, text);
  })));
  if (body.length === 0) {
    body.push(h("tr", null, h("td", { class: "none", colspan: fields.length },
      "No cell meets every filter. Take one away above.")));
  }
  const words = filterWords(context, conditions);
  container.append(filterForm(context, rows, present, conditions), ...(words ? [words] : []),
    h("section", { class: "section", id: "cells", "aria-labelledby": "cells-title" },
      h("h2", { id: "cells-title" }, "Cells"),
      h("div", { class: "tools" }, tool("cells-csv", "CSV", "Cells: save all that meet the filters as CSV", () =>
        saveCsv(context, "cells", present.map((field) => ({
          title: field.key, cell: () => null, value: (row: Cell) => valueOf(row, field),
        })), chosen))),
      h("p", { class: "note", id: "cells-total", role: "status" }, summary(context, shown, all)),
      controls("Columns and pages", switcher(url, "all", "All columns"), pager(context, page, chosen.length)),
      h("div", { class: "scroll", id: "cells-scroll", tabindex: 0, role: "region", "aria-label": "Table of cells" },
        h("table", { class: "cells" },
          h("caption", { class: "visually-hidden" }, `Cells ${page.first} to ${page.last} of ${chosen.length}`),
          h("thead", null, h("tr", null, ...fields.map((field) => header(context, field, order)))),
          h("tbody", null, ...body),
          h("tfoot", null, sumRow(conditions.length === 0 ? "All listed cells" : "Cells that meet the filters", fields, shown),
            conditions.length === 0 ? null : sumRow("All listed cells", fields, all))))));
}

export const table: View = { id: "table", title: "Table", render };
