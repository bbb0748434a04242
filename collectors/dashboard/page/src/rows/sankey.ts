// Streams -> nodes and links of four columns: source, category, destination, operator; or of the first
// three, where the destination is the operator already. Each column
// keeps its largest K and folds the rest into one node, so that every column adds up to the same
// total and every width is exact.
//
// Pure functions.
import type { Counts, Stream } from "../model.ts";
import { OTHER } from "./matrix.ts";
import type { Unit } from "./units.ts";

export const COLUMNS = ["src", "category", "dst", "operator"] as const;
export type Column = (typeof COLUMNS)[number];

export interface SankeyNode {
  id: string; // "src:DE"
  column: number; // of COLUMNS
  key: string; // "DE", or OTHER
  value: number;
  through: number; // of it, what passes the node that is asked about; value without a question
}

export interface SankeyLink {
  source: string; // ids of nodes of neighbouring columns
  target: string;
  value: number;
  through: number;
}

export interface SankeyFigure {
  columns: number; // how many there are
  nodes: SankeyNode[]; // column by column; value descending, OTHER last
  links: SankeyLink[];
  total: number;
  folded: number; // streams beyond the model's bound: OTHER in every column
  others: number[]; // by column, how many keys OTHER stands for
}

export function nodeId(column: number, key: string): string {
  return `${COLUMNS[column]}:${key}`;
}

// The keys of a column that stay, by value.
function largest(rows: readonly Stream[], column: Column, unit: Unit, top: number) {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[column], (sums.get(row[column]) ?? 0) + row[unit]);
  const order = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { kept: new Set(order.slice(0, top).map(([key]) => key)), others: Math.max(0, order.length - top) };
}

// `at` is the id of a node: `through` then says how much of each node and link passes it.
export function sankeyFigure(
  rows: readonly Stream[],
  other: Counts | null,
  options: { unit: Unit; top: number; at?: string | null; columns?: 3 | 4 },
): SankeyFigure {
  const { unit, top } = options;
  const drawn = COLUMNS.slice(0, options.columns ?? COLUMNS.length);
  const columns = drawn.map((column) => largest(rows, column, unit, top));
  const nodes = new Map<string, SankeyNode>();
  const links = new Map<string, SankeyLink>();
  let total = 0;
  const add = (keys: readonly string[], value: number): void => {
    if (value === 0) return;
    const ids = keys.map((key, c) => nodeId(c, key));
    const passes = !options.at || ids.includes(options.at) ? value : 0;
    total += value;
    ids.forEach((id, c) => {
      const node = nodes.get(id) ?? { id, column: c, key: keys[c]!, value: 0, through: 0 };
      node.value += value;
      node.through += passes;
      nodes.set(id, node);
      if (c === 0) return;
      const source = ids[c - 1]!;
      const name = `${source}\0${id}`;
      const link = links.get(name) ?? { source, target: id, value: 0, through: 0 };
      link.value += value;
      link.through += passes;
      links.set(name, link);
    });
  };
  for (const row of rows) {
    const keys = drawn.map((column, c) => (columns[c]!.kept.has(row[column]) ? row[column] : OTHER));
    add(keys, row[unit]);
  }
  const folded = other ? other[unit] : 0;
  add(drawn.map(() => OTHER), folded);
  const rank = (node: SankeyNode): number => (node.key === OTHER ? -1 : node.value);
  return {
    columns: drawn.length,
    nodes: [...nodes.values()].sort(
      (a, b) => a.column - b.column || rank(b) - rank(a) || (a.key < b.key ? -1 : 1),
    ),
    links: [...links.values()].sort((a, b) => b.value - a.value || (a.source + a.target < b.source + b.target ? -1 : 1)),
    total,
    folded,
    others: columns.map((column) => column.others),
  };
}

// The rows that pass a node.
export function streamsThrough(
  rows: readonly Stream[],
  figure: SankeyFigure,
  at: string,
): Stream[] {
  const colon = at.indexOf(":");
  const c = COLUMNS.indexOf(at.slice(0, colon) as Column);
  if (c < 0) return [];
  const key = at.slice(colon + 1);
  const column = COLUMNS[c]!;
  if (key !== OTHER) return rows.filter((row) => row[column] === key);
  const named = new Set(figure.nodes.filter((node) => node.column === c).map((node) => node.key));
  return rows.filter((row) => !named.has(row[column]));
}
