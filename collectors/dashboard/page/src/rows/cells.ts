// The table of cells: what a row holds, which rows a filter leaves, their order, their page and
// their sums.
//
// Pure functions over rows; nothing is copied but references.
import type { Cell, Counts } from "../model.ts";

export type FieldKind = "word" | "number";
export interface Field {
  key: keyof Cell & string;
  title: string;
  kind: FieldKind;
  short: boolean; // stands in the table unless all columns are asked for
  jurisdiction?: true;
}

// In the order of the JSON report's cells.
export const FIELDS: readonly Field[] = [
  { key: "src", title: "Source", kind: "word", short: true, jurisdiction: true },
  { key: "dst", title: "Destination", kind: "word", short: true, jurisdiction: true },
  { key: "src_registered", title: "Source registered", kind: "word", short: false, jurisdiction: true },
  { key: "dst_registered", title: "Destination registered", kind: "word", short: false, jurisdiction: true },
  { key: "src_as", title: "Source AS", kind: "word", short: false },
  { key: "dst_as", title: "Destination AS", kind: "word", short: false },
  { key: "src_operator", title: "Source operator", kind: "word", short: false, jurisdiction: true },
  { key: "dst_operator", title: "Destination operator", kind: "word", short: true, jurisdiction: true },
  { key: "role", title: "Role", kind: "word", short: true },
  { key: "category", title: "Category", kind: "word", short: true },
  { key: "evidence", title: "Evidence", kind: "word", short: true },
  { key: "confidence", title: "Confidence", kind: "number", short: true },
  { key: "protection", title: "Protection", kind: "word", short: true },
  { key: "entity", title: "Entity", kind: "word", short: false },
  { key: "frames", title: "Frames", kind: "number", short: true },
  { key: "bytes", title: "Bytes", kind: "number", short: true },
  { key: "payload_bytes", title: "Payload bytes", kind: "number", short: false },
  { key: "flows", title: "Flows", kind: "number", short: true },
  { key: "clients", title: "Clients", kind: "number", short: true },
];

const BY_KEY = new Map<string, Field>(FIELDS.map((field) => [field.key, field]));
export function fieldOf(key: string): Field | null {
  return BY_KEY.get(key) ?? null;
}

// A word field keeps rows whose value is one of `words`; a number field those within the bounds.
export interface Condition {
  field: Field;
  words?: string[];
  least?: number;
  most?: number;
}

// What a cell shows: a number of clients may be an interval.
export function valueOf(row: Cell, field: Field): string | number {
  const value: unknown = row[field.key];
  if (typeof value === "number") return field.kind === "word" ? String(value) : value;
  if (Array.isArray(value)) return Number(value[1] ?? value[0] ?? 0);
  if (field.kind === "number") return value === null || value === undefined ? 0 : Number(value);
  return value === null || value === undefined ? "" : String(value);
}

// Conditions as they stand in an address: "category=HLT,FIN", "bytes=1000..", "flows=..5".
// A value that makes no sense leaves the field out rather than the table empty.
export function readConditions(get: (key: string) => string | null): Condition[] {
  const conditions: Condition[] = [];
  for (const field of FIELDS) {
    const text = get(field.key);
    if (text === null || text === "") continue;
    if (field.kind === "word") {
      const words = text.split(",").map((word) => decodeComma(word));
      conditions.push({ field, words });
      continue;
    }
    const dots = text.indexOf("..");
    const [low, high] = dots < 0 ? [text, text] : [text.slice(0, dots), text.slice(dots + 2)];
    const least = bound(low);
    const most = bound(high);
    if (least === undefined && most === undefined) continue;
    conditions.push({ field, ...(least !== undefined && { least }), ...(most !== undefined && { most }) });
  }
  return conditions;
}

function bound(text: string): number | undefined {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function writeCondition(condition: Condition): string {
  if (condition.words) return condition.words.map(encodeComma).join(",");
  return `${condition.least ?? ""}..${condition.most ?? ""}`;
}

// Only the comma divides words, so only it (and the sign that stands for it) is escaped.
function encodeComma(word: string): string {
  return word.replaceAll("~", "~0").replaceAll(",", "~1");
}
function decodeComma(word: string): string {
  return word.replaceAll("~1", ",").replaceAll("~0", "~");
}

export function matches(row: Cell, conditions: readonly Condition[]): boolean {
  for (const condition of conditions) {
    const value = valueOf(row, condition.field);
    if (condition.words) {
      if (!condition.words.includes(String(value))) return false;
      continue;
    }
    if (condition.least !== undefined && !(Number(value) >= condition.least)) return false;
    if (condition.most !== undefined && !(Number(value) <= condition.most)) return false;
  }
  return true;
}

export interface Order {
  field: Field;
  descending: boolean;
}

// Ties keep the model's order: bytes descending.
export function sorted(rows: readonly Cell[], order: Order): Cell[] {
  const sign = order.descending ? -1 : 1;
  const value = (row: Cell): string | number => {
    const of = valueOf(row, order.field);
    // AS numbers are words, but 9 stands before 10.
    return order.field.kind === "word" && /^[0-9]{1,10}$/.test(String(of)) ? Number(of) : of;
  };
  return rows
    .map((row, index) => ({ row, index, value: value(row) }))
    .sort((a, b) => sign * compare(a.value, b.value) || a.index - b.index)
    .map((entry) => entry.row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface Page {
  rows: Cell[];
  page: number; // from 1, and never beyond the last
  pages: number; // at least 1
  first: number; // from 1; 0 when there are no rows
  last: number;
}

export function pageOf(rows: readonly Cell[], page: number, size: number): Page {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(Math.max(1, Number.isFinite(page) ? Math.trunc(page) : 1), pages);
  const first = (at - 1) * size;
  const shown = rows.slice(first, first + size);
  return { rows: shown, page: at, pages, first: shown.length === 0 ? 0 : first + 1, last: first + shown.length };
}

export interface CellSums extends Counts {
  cells: number;
  payload_bytes: number;
}

export function sums(rows: readonly Cell[]): CellSums {
  const sum: CellSums = { cells: rows.length, frames: 0, bytes: 0, flows: 0, payload_bytes: 0 };
  for (const row of rows) {
    sum.frames += row.frames;
    sum.bytes += row.bytes;
    sum.flows += row.flows;
    sum.payload_bytes += Number(row.payload_bytes ?? 0);
  }
  return sum;
}

// The values of a word field with their bytes, largest first: what a filter offers.
export function choices(rows: readonly Cell[], field: Field): { value: string; bytes: number }[] {
  const bytes = new Map<string, number>();
  for (const row of rows) {
    const value = String(valueOf(row, field));
    bytes.set(value, (bytes.get(value) ?? 0) + row.bytes);
  }
  return [...bytes]
    .map(([value, sum]) => ({ value, bytes: sum }))
    .sort((a, b) => b.bytes - a.bytes || (a.value < b.value ? -1 : 1));
}
