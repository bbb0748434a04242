// A pack's result as the model holds it (collectors/report/policy_json.cc and, beyond the report, what
// the view model adds), read defensively: what a sensor leaves out is absent, never a crash.
//
// Pure functions.
import type { Counts, Policy } from "../model.ts";

export type VerdictCounts = Record<string, Counts>;

export interface Bounds {
  lower_bytes?: number;
  upper_bytes?: number;
  expected_bytes?: number;
  loosest_bytes?: number;
  strictest_bytes?: number;
  L?: number;
  M?: number;
  U?: number;
}

// A set of verdicts over all cells, with bounds where it was evaluated with them.
export interface Judged {
  verdicts: VerdictCounts;
  bounds?: Record<string, Bounds>;
  suppressed?: Counts; // of no published verdict, because too few clients are behind it
}

export interface Rule extends Counts {
  rule: string;
  verdict: string;
  cite: string;
  says?: string | null;
  note?: string | null;
  purpose?: string;
  observability?: string;
  not_confirmed?: string[];
  needs?: string[];
  kind?: string;
  country_only?: boolean;
  unverified?: boolean;
  touched?: Counts;
  possible?: Counts;
}

// The pack evaluated otherwise.
export interface Variant extends Judged {
  default?: string;
  rules?: (Counts & { rule: string; verdict: string })[];
  moved?: Counts; // cells whose verdict is another one than as written
  matrix?: Record<string, VerdictCounts>; // as written -> here
  contribution?: number | null; // of origin
  reason?: string | null; // why there are no verdicts
}

export interface Measure {
  measure: string;
  asks?: string;
  subject?: string;
  weight?: string | null;
  unit?: string;
  value?: number;
  low?: number;
  high?: number;
  not_measurable?: string;
}

export interface Lost {
  seen: number;
  touched: number;
  gone: number;
}

export interface Cut {
  cut?: Counts;
  lost?: Counts;
  services?: Lost;
  counterparties?: Lost;
  jurisdictions?: Lost;
  two_way_pairs?: Lost;
  home_bytes?: number;
}

export interface Cost {
  exposure?: Measure[];
  cost?: Measure[];
  whole?: Cut;
  rules?: (Cut & { rule: string; verdict: string })[];
  incidence?: {
    organisation: string; home: string; bytes: number; cleartext_bytes: number;
    control_bytes: number;
  }[];
  profiles?: { profile: string; balance: Measure }[];
  reason?: string | null;
}

export interface About {
  authority?: string;
  says?: string[];
  sees?: string[];
  cannot_see?: string[];
  vantage?: string[];
  sources?: { id: string; title: string; date?: string; unverified?: boolean; note?: string | null }[];
}

export interface Threshold {
  rule: string;
  unit: string;
  proxy: string;
  at_least: number;
  period: string;
  measurable: boolean;
  reason: string | null;
  largest: [number, number];
  sums: number;
}

// Undetermined traffic by the verdicts that it may have, and by what a rule would have to know:
// "place", "kind" or "other".
export interface Undetermined extends Counts {
  loosest: string;
  strictest: string;
  missing: string[];
}

// The same flows by another database (--with-geo).
export interface GeoChoice {
  total: Counts;
  moved: Counts; // at another place
  crossing_changed: Counts;
  geo?: { path?: string | null; type?: string; build_time?: string | null }[];
  places: (Counts & { first: string; second: string })[];
  places_of?: number;
  policies: { pack: string; moved: Record<string, { in_use: Counts; otherwise: Counts }>; comparison: Comparison }[];
}

export interface Pack extends Judged {
  pack: string;
  version: string;
  as_of: string;
  stale: boolean;
  title: string;
  default: string;
  burden: string;
  rules: Rule[];
  rules_left: Counts; // decided by rules whose sums are folded or withheld
  purposes: VerdictCounts;
  thresholds: Threshold[];
  undetermined: Undetermined[];
  ties: (Counts & { rules: string[]; looser: string; stricter: string })[];
  tiers: (Counts & { tier: string; jurisdictions: number })[];
  tier_choices: { choice: string; title: string; verdicts: VerdictCounts }[];
  treatments: Record<string, VerdictCounts>;
  treatment_bounds: Record<string, Record<string, Bounds>>;
  missing_parameter: string | null;
  unfit_vantage: string | null;
  facts: Record<string, string>;
  about: About | null;
  variants: Record<string, Variant | null>;
  variants_reason: string | null;
  cost: Cost | null;
  measures: Measure[]; // of the pack as a whole
}

export interface Comparison {
  a: string;
  b: string;
  total: Counts;
  same: Counts;
  disagreement: number;
  matrix: Record<string, VerdictCounts>;
  by_pair_of?: number; // how long the lists would be
  by_rule_of?: number;
  by_pair?: (Counts & { src: string; dst: string; a: string; b: string })[];
  by_rule?: (Counts & { rule_a: string; rule_b: string; a: string; b: string })[];
}

const text = (value: unknown, otherwise = ""): string =>
  typeof value === "string" ? value : otherwise;
const maybe = (value: unknown): string | null => (typeof value === "string" ? value : null);
const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);
const record = <T>(value: unknown): Record<string, T> =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, T>) : {};

function sum(...parts: unknown[]): Counts {
  const whole = { frames: 0, bytes: 0, flows: 0 };
  for (const part of parts) {
    const counts = record<number>(part);
    whole.frames += counts["frames"] ?? 0;
    whole.bytes += counts["bytes"] ?? 0;
    whole.flows += counts["flows"] ?? 0;
  }
  return whole;
}

export function readPack(raw: Policy): Pack {
  const about = raw["about"];
  const cost = raw["cost"];
  return {
    pack: text(raw.pack, "(unnamed)"),
    version: text(raw.version),
    as_of: text(raw["as_of"]),
    stale: raw["stale"] === true,
    title: text(raw["title"], text(raw.pack)),
    default: text(raw["default"]),
    burden: text(raw["burden"]),
    verdicts: record(raw["verdicts"]),
    ...(Object.keys(record(raw["bounds"])).length > 0 && { bounds: record<Bounds>(raw["bounds"]) }),
    ...(raw["verdicts_suppressed"] ? { suppressed: raw["verdicts_suppressed"] as Counts } : {}),
    rules_left: sum(raw["rules_other"], raw["rules_suppressed"]),
    rules: list(raw["rules"]),
    purposes: record(raw["purposes"]),
    thresholds: list(raw["thresholds"]),
    undetermined: list(raw["undetermined"]),
    ties: list(raw["ties"]),
    tiers: list(raw["tiers"]),
    tier_choices: list(raw["tier_choices"]),
    treatments: record(raw["treatments"]),
    treatment_bounds: record(raw["treatment_bounds"]),
    missing_parameter: maybe(raw["missing_parameter"]),
    unfit_vantage: maybe(raw["unfit_vantage"]),
    facts: record(raw["facts"]),
    about: about ? record(about) as About : null,
    variants: record(raw["variants"]),
    variants_reason: maybe(raw["variants_reason"]),
    cost: cost ? record(cost) as Cost : null,
    measures: list(raw["measures"]),
  };
}

export function readGeoChoice(raw: unknown): GeoChoice | null {
  const { total, moved, crossing_changed, ...rest } = record<unknown>(raw);
  if (!total || !moved) return null;
  return { total: sum(total), moved: sum(moved), crossing_changed: sum(crossing_changed), geo: list(rest["geo"]), places: list(rest["places"]),
    ...(typeof rest["places_of"] === "number" && { places_of: rest["places_of"] }), policies: list(rest["policies"]) };
}

export function readComparisons(raw: unknown): Comparison[] {
  return list<Comparison>(raw).filter((row) => typeof row?.a === "string" && row.matrix);
}
