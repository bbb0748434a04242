// Sums over the pairs of a lens, by jurisdiction.
import { NOTHING, type Counts, type Lens } from "./model.ts";

export interface Flow {
  code: string;
  // Bytes that it sends to others, receives from others, and keeps.
  out: number;
  in: number;
  within: number;
}

export function byJurisdiction(lens: Lens): Map<string, Flow> {
  const flows = new Map<string, Flow>();
  const of = (code: string) => {
    let flow = flows.get(code);
    if (!flow) flows.set(code, flow = { code, out: 0, in: 0, within: 0 });
    return flow;
  };
  for (const pair of lens.pairs) {
    if (pair.src === pair.dst) {
      of(pair.src).within += pair.bytes;
    } else {
      of(pair.src).out += pair.bytes;
      of(pair.dst).in += pair.bytes;
    }
  }
  return flows;
}

// What `rows` hold together.
export function sum(rows: readonly Counts[]): Counts {
  return rows.reduce((to, row) => ({
    frames: to.frames + row.frames, bytes: to.bytes + row.bytes, flows: to.flows + row.flows,
  }), NOTHING);
}

// Sums of bytes by a key, largest first.
export function ranked<Row extends Counts>(rows: readonly Row[], key: (row: Row) => string): { key: string; bytes: number }[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + row.bytes);
  return [...sums].map(([name, value]) => ({ key: name, bytes: value })).sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
}
