// A pack's verdicts as shares with their bounds, and what a variant moves.
//
// Pure functions. The words are indicative: nothing here is a finding of law, and a need that is not
// confirmed is a question, not a breach.
import type { Counts } from "../model.ts";
import type { Unit } from "./units.ts";
import type { Comparison, Judged, Pack, Variant } from "./pack.ts";

// Loosest first; undetermined stands apart at the end.
export const VERDICTS = [
  "out_of_scope",
  "permitted",
  "conditional",
  "file_required",
  "review",
  "presumptively_prohibited",
  "breach_if_confirmed",
  "undetermined",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const VERDICT_LABEL: Readonly<Record<Verdict, string>> = {
  out_of_scope: "out of scope",
  permitted: "permitted",
  conditional: "conditional",
  file_required: "filing required",
  review: "review",
  presumptively_prohibited: "presumptively prohibited",
  breach_if_confirmed: "breach, if confirmed",
  undetermined: "undetermined",
};

export const VERDICT_MEANING: Readonly<Record<Verdict, string>> = {
  out_of_scope: "The pack does not speak about this traffic.",
  permitted: "The pack lets it through.",
  conditional: "Permitted once facts are confirmed that traffic cannot show. Unconfirmed is a question, not a breach.",
  file_required: "The pack asks for a filing or a notice. Whether it was made, traffic cannot show.",
  review: "The pack asks somebody to look.",
  presumptively_prohibited: "The pack would not let it through unless somebody shows otherwise.",
  breach_if_confirmed: "It would stand against the pack if every need named were confirmed. None of it is confirmed here.",
  undetermined: "What was seen does not suffice to tell. It could be any of the verdicts in its bounds.",
};

export function isVerdict(word: string): word is Verdict {
  return (VERDICTS as readonly string[]).includes(word);
}

export interface VerdictShare {
  verdict: Verdict;
  counts: Counts;
  share: number; // of the unit asked for
  // Bytes only; null where the pack was not evaluated with bounds.
  lower: number | null;
  upper: number | null;
  expected: number | null;
  L: number | null; // coverage of its own bytes: content and protocol
  M: number | null; // ... with names
  U: number | null; // ... with operator and port
}

const NOTHING: Counts = { frames: 0, bytes: 0, flows: 0 };

function ratio(part: number | undefined, whole: number): number | null {
  if (part === undefined || part === null) return null;
  return whole === 0 ? 0 : part / whole;
}

// Everything that was judged, with what is withheld.
export function judgedTotal(judged: Judged, unit: Unit): number {
  return VERDICTS.reduce((sum, verdict) => sum + (judged.verdicts[verdict]?.[unit] ?? 0), judged.suppressed?.[unit] ?? 0);
}

// All eight, in order. Shares are of everything that was judged: they add up to 1, less what is
// withheld.
export function verdictShares(judged: Judged, unit: Unit): VerdictShare[] {
  const whole = judgedTotal(judged, unit);
  const bytes = judgedTotal(judged, "bytes");
  return VERDICTS.map((verdict) => {
    const counts = judged.verdicts[verdict] ?? NOTHING;
    const bounds = judged.bounds?.[verdict];
    // What no cell has and none could have carries no bounds in the report: it is 0 .. 0.
    const none = judged.bounds && !bounds && counts.frames === 0;
    return {
      verdict,
      counts,
      share: ratio(counts[unit], whole) ?? 0,
      lower: none ? 0 : ratio(bounds?.lower_bytes, bytes),
      upper: none ? 0 : ratio(bounds?.upper_bytes, bytes),
      expected: none ? 0 : ratio(bounds?.expected_bytes, bytes),
      L: bounds?.L ?? null,
      M: bounds?.M ?? null,
      U: bounds?.U ?? null,
    };
  });
}

// Every other way to evaluate a pack that the model holds, and those that it could hold but does not.
export interface Alternative {
  id: string; // "flip_default", "ablate_origin", "treatment.open", "tiers.any"
  title: string;
  explains: string;
  judged: Judged | null;
  variant: Variant | null; // with what moved, where the model has it
  missing: string | null; // why `judged` is null
}

const TREATMENTS: Readonly<Record<string, [string, string]>> = {
  open: ["the non-aligned: open", "Everything that goes to the tier of the non-aligned is permitted, exempt traffic apart."],
  by_category: ["the non-aligned: by category", "The rules decide by what is sent: the pack as written."],
  review: ["the non-aligned: review", "Everything that goes to the non-aligned asks for a look, exempt traffic apart."],
  closed: ["the non-aligned: closed", "Everything that goes to the non-aligned is presumptively prohibited, exempt traffic apart."],
};

export function alternatives(pack: Pack): Alternative[] {
  const list: Alternative[] = [];
  const variant = (id: string, flag: string, title: string, explains: string): void => {
    const found = pack.variants[id] ?? null;
    const judged = found?.verdicts ? found : null;
    const missing = found?.reason ?? pack.variants_reason ??
      `it was not evaluated for this picture: borderflow policy evaluate ${flag} answers it`;
    list.push({ id, title, explains, judged, variant: judged, missing: judged ? null : missing });
  };
  variant("flip_default", "--flip-default", "the default flipped",
    "Where no rule holds, the burden of proof lies with the other side.");
  variant("ablate_origin", "--ablate origin", "without the origin term",
    "Rules lose what they ask of places: what is left rests on what is sent and how.");
  for (const [id, [title, explains]] of Object.entries(TREATMENTS)) {
    const verdicts = pack.treatments[id];
    if (!verdicts) continue;
    const bounds = pack.treatment_bounds[id];
    list.push({ id: `treatment.${id}`, title, explains, variant: null, missing: null,
      judged: bounds ? { verdicts, bounds } : { verdicts } });
  }
  for (const choice of pack.tier_choices) {
    list.push({ id: `tiers.${choice.choice}`, title: `tiers: ${choice.choice}`,
      explains: choice.title, judged: { verdicts: choice.verdicts }, variant: null, missing: null });
  }
  return list;
}

// How each verdict's share moves, a minus b. Adds up to 0.
export function shifts(a: Judged, b: Judged, unit: Unit): { verdict: Verdict; shift: number }[] {
  const before = verdictShares(b, unit);
  return verdictShares(a, unit).map((share, i) => ({
    verdict: share.verdict,
    shift: share.share - before[i]!.share,
  }));
}

// The least that must have changed verdict between two sets of shares over the same cells: half the
// sum of all shifts. What really changed can only be more.
export function leastMoved(a: Judged, b: Judged, unit: Unit): number {
  return shifts(a, b, unit).reduce((sum, shift) => sum + Math.abs(shift.shift), 0) / 2;
}

// The comparison of two packs in either order; rows are a's verdicts.
export function comparisonOf(comparisons: readonly Comparison[], a: string, b: string): Comparison | null {
  for (const comparison of comparisons) {
    if (comparison.a === a && comparison.b === b) return comparison;
    if (comparison.a === b && comparison.b === a) return mirrored(comparison);
  }
  return null;
}

function mirrored(of: Comparison): Comparison {
  const matrix: Comparison["matrix"] = {};
  for (const [row, columns] of Object.entries(of.matrix)) {
    for (const [column, counts] of Object.entries(columns)) (matrix[column] ??= {})[row] = counts;
  }
  const swap = <T extends { a: string; b: string }>(row: T): T => ({ ...row, a: row.b, b: row.a });
  return {
    ...swap(of),
    matrix,
    by_pair: (of.by_pair ?? []).map(swap),
    by_rule: (of.by_rule ?? []).map((row) => ({ ...swap(row), rule_a: row.rule_b, rule_b: row.rule_a })),
  };
}
