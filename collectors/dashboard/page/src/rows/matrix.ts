// Pairs -> a square grid: the largest jurisdictions in one order on both axes, everything else in
// one row and one column "other", so that rows, columns and the whole add up exactly.
//
// Pure functions: no document, no clock.
import type { Counts, Pair, Stream } from "../model.ts";
import type { Unit } from "./units.ts";

export type GridOrder = "both" | "out" | "in" | "name";

// Never a jurisdiction's code: codes are two capitals or lower-case words.
export const OTHER = "*other";

export interface Grid {
  keys: string[]; // of rows and of columns; OTHER last, where there is any
  cells: number[][]; // [row][column]
  rowSums: number[];
  columnSums: number[];
  total: number; // of every pair, with what the model had folded
  folded: number; // pairs beyond the model's bound: they stand in other/other
  others: number; // how many jurisdictions OTHER stands for; 0 where it holds folded pairs alone
}

interface Rank {
  key: string;
  out: number;
  in: number;
}

function ranks(pairs: readonly Pair[], unit: Unit): Rank[] {
  const byKey = new Map<string, Rank>();
  const of = (key: string): Rank => {
    let rank = byKey.get(key);
    if (!rank) byKey.set(key, (rank = { key, out: 0, in: 0 }));
    return rank;
  };
  for (const pair of pairs) {
    of(pair.src).out += pair[unit];
    of(pair.dst).in += pair[unit];
  }
  return [...byKey.values()];
}

function weight(rank: Rank, order: GridOrder): number {
  if (order === "out") return rank.out;
  if (order === "in") return rank.in;
  return rank.out + rank.in;
}

// By code, so that two runs and two locales agree.
function byKey(a: Rank, b: Rank): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

// `names` only decides the order "name". REQUIRES: top >= 1.
export function grid(
  pairs: readonly Pair[],
  other: Counts | null,
  options: { unit: Unit; order: GridOrder; top: number; names?: (key: string) => string },
): Grid {
  const { unit, order, top } = options;
  const all = ranks(pairs, unit);
  const pick = order === "name" ? "both" : order;
  all.sort((a, b) => weight(b, pick) - weight(a, pick) || byKey(a, b));
  const shown = all.slice(0, top);
  const others = all.length - shown.length;
  if (order === "name") {
    const name = options.names ?? ((key: string) => key);
    shown.sort((a, b) => name(a.key).localeCompare(name(b.key), "en") || byKey(a, b));
  }
  const folded = other ? other[unit] : 0;
  const keys = shown.map((rank) => rank.key);
  if (others > 0 || folded > 0) keys.push(OTHER);
  const index = new Map(keys.map((key, i) => [key, i]));
  const last = keys.length - 1;
  const at = (key: string): number => index.get(key) ?? last;
  const cells = keys.map(() => new Array<number>(keys.length).fill(0));
  for (const pair of pairs) cells[at(pair.src)]![at(pair.dst)]! += pair[unit];
  if (folded > 0) cells[last]![last]! += folded;
  const rowSums = cells.map((row) => row.reduce((sum, value) => sum + value, 0));
  const columnSums = keys.map((_, c) => cells.reduce((sum, row) => sum + row[c]!, 0));
  const total = rowSums.reduce((sum, value) => sum + value, 0);
  return { keys, cells, rowSums, columnSums, total, folded, others };
}

// Streams of one category as pairs.
export function pairsOfCategory(streams: readonly Stream[], category: string): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const row of streams) {
    if (row.category !== category) continue;
    const key = `${row.src}\0${row.dst}`;
    const pair = pairs.get(key);
    if (!pair) {
      pairs.set(key, { src: row.src, dst: row.dst, frames: row.frames, bytes: row.bytes, flows: row.flows });
      continue;
    }
    pair.frames += row.frames;
    pair.bytes += row.bytes;
    pair.flows += row.flows;
  }
  return [...pairs.values()].sort((a, b) => b.bytes - a.bytes || (a.src + a.dst < b.src + b.dst ? -1 : 1));
}

// Streams behind a cell of the grid; null asks for every source, or every destination.
export function streamsBehind(
  streams: readonly Stream[],
  keys: readonly string[],
  src: string | null,
  dst: string | null,
  category: string | null,
): Stream[] {
  const named = new Set(keys);
  const fits = (wanted: string | null, key: string): boolean =>
    wanted === null || (wanted === OTHER ? !named.has(key) : wanted === key);
  return streams.filter(
    (row) => fits(src, row.src) && fits(dst, row.dst) && (category === null || row.category === category),
  );
}
