// Dependence: who holds how much of a category, how concentrated that is and what could stand in.
//
// Pure functions; every figure is of what this vantage saw.
import type { Dependence } from "../model.ts";
import type { Measure } from "./pack.ts";

export interface OrganisationRow {
  entity: string | number;
  label: string;
  home?: string | null;
  category: string;
  bytes: number;
  share: number;
}

export interface Concentration {
  category: string | null;
  label?: string;
  hhi: number | null;
  low?: number | null;
  high?: number | null;
  effective: number | null; // how many equal holders would be as concentrated
  reason?: string | null; // why there is no index
  unknown_bytes?: number;
  largest: string | number | null; // the largest holder's name, or its share
  largest_share?: number | null;
  bytes: number;
  organisations?: number;
  substitutes?: number;
  of?: string;
}

export interface ReciprocityRow {
  a: string;
  b: string;
  ab_bytes: number;
  ba_bytes: number;
  balance: number;
  ab_flows?: number;
  ba_flows?: number;
  balance_flows?: number | null;
}

export interface GovernmentRow {
  operator: string;
  bytes: number;
  frames?: number;
  flows?: number;
  organisations?: string[];
  organisations_of?: number;
}

export interface FourQuestions {
  organisation: string;
  home?: string;
  category: string;
  bytes: number;
  reach: Answer;
  access: Answer;
  dependence: Answer;
  opacity: Answer;
}
export type Answer = Pick<Measure, "value" | "low" | "high" | "not_measurable">;

// What the model holds, with what a sensor may leave out.
export interface DependenceModel {
  organisations: OrganisationRow[];
  organisationsOther: number; // bytes of organisations beyond the model's bound
  unattributed: { category: string; bytes: number }[];
  concentration: Concentration[];
  reciprocity: ReciprocityRow[];
  reciprocityOther: { pairs: number; bytes: number } | null;
  government: GovernmentRow[];
  home: string | null;
  vectors: FourQuestions[];
  vectorsOf: number;
  vectorsReason: string | null;
  reason: string | null;
}

export function readDependence(raw: Dependence): DependenceModel {
  const more = raw as unknown as Record<string, unknown>;
  const list = <T>(key: string): T[] => (Array.isArray(more[key]) ? (more[key] as T[]) : []);
  const number = (key: string): number => (typeof more[key] === "number" ? more[key] : 0);
  const word = (key: string): string | null => (typeof more[key] === "string" ? more[key] : null);
  return {
    organisations: list("organisations"),
    organisationsOther: number("organisations_other_bytes"),
    unattributed: list("unattributed"),
    concentration: list("concentration"),
    reciprocity: list("reciprocity"),
    reciprocityOther: (more["other"] ?? null) as DependenceModel["reciprocityOther"],
    government: list("government"),
    home: word("home"),
    vectors: list("vectors"),
    vectorsOf: number("vectors_of"),
    vectorsReason: word("vectors_reason"),
    reason: raw.reason,
  };
}

export interface Holder {
  entity: string;
  label: string;
  home: string | null;
  bytes: number;
}

export interface Holding {
  category: string | null; // null: all of them
  holders: Holder[]; // bytes descending
  unknown: number; // bytes without a known organisation
  total: number;
}

// The organisations of one category; all categories together for null.
export function holding(
  organisations: readonly OrganisationRow[],
  unattributed: readonly { category: string; bytes: number }[],
  category: string | null,
): Holding {
  const sums = new Map<string, Holder>();
  for (const row of organisations) {
    if (category !== null && row.category !== category) continue;
    const id = String(row.entity);
    const holder = sums.get(id) ?? { entity: id, label: row.label || id, home: row.home ?? null, bytes: 0 };
    holder.bytes += row.bytes;
    sums.set(id, holder);
  }
  let unknown = 0;
  for (const row of unattributed) if (category === null || row.category === category) unknown += row.bytes;
  const all = [...sums.values()].sort((a, b) => b.bytes - a.bytes || (a.label < b.label ? -1 : 1));
  const total = all.reduce((sum, holder) => sum + holder.bytes, unknown);
  return { category, holders: all, unknown, total };
}

// 0.18: "highly concentrated" in the US Merger Guidelines 2023, 2.1, said of markets; half of it as a
// second word. They are for orientation and say so where they are shown.
export function concentrationWord(hhi: number): "spread" | "moderate" | "high" {
  if (hhi > 0.18) return "high";
  return hhi >= 0.1 ? "moderate" : "spread";
}

// Bytes descending; the row of all categories first.
export function concentrationRows(rows: readonly Concentration[], of = "organisation"): Concentration[] {
  return rows
    .filter((row) => (row.of ?? "organisation") === of)
    .sort((a, b) => Number(b.category === null) - Number(a.category === null) || b.bytes - a.bytes);
}

export interface Balance {
  a: string; // the pair's ends, a before b by code
  b: string;
  ab: number;
  ba: number;
  balance: number; // (ab - ba) / (ab + ba), -1 .. 1: above 0, a gives more
  reciprocity: number; // 2 min / sum, 0 .. 1
}

// Pairs by what passes between them, in bytes or in flows; answers dominate bytes, and a flow counts
// for the side that began it.
export function balances(rows: readonly ReciprocityRow[], unit: "bytes" | "flows"): Balance[] {
  return rows
    .map((row) => {
      const [ab, ba] = unit === "bytes" ? [row.ab_bytes, row.ba_bytes] : [row.ab_flows ?? 0, row.ba_flows ?? 0];
      const sum = ab + ba;
      return { a: row.a, b: row.b, ab, ba, balance: sum === 0 ? 0 : (ab - ba) / sum,
        reciprocity: sum === 0 ? 0 : (2 * Math.min(ab, ba)) / sum };
    })
    .filter((row) => row.ab + row.ba > 0)
    .sort((x, y) => y.ab + y.ba - x.ab - x.ba || (x.a + x.b < y.a + y.b ? -1 : 1));
}

// Government systems: at home, elsewhere, and where it is not known.
export function governmentShares(rows: readonly GovernmentRow[], home: string | null) {
  const sum = { total: 0, home: 0, elsewhere: 0, unknown: 0 };
  for (const row of rows) {
    sum.total += row.bytes;
    if (!/^([A-Z]{2})$/.test(row.operator)) sum.unknown += row.bytes;
    else if (home !== null && row.operator === home) sum.home += row.bytes;
    else sum.elsewhere += row.bytes;
  }
  return sum;
}
