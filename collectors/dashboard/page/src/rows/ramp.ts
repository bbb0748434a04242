// A logarithmic ramp: each step is ten times the one below, and bounds are powers of ten, so that the
// legend can be read aloud.
//
// Pure functions.

export interface Ramp {
  steps: number; // at most `most`; 0 when there is nothing
  floor: number; // the lower bound of step 2; all that is smaller but not 0 is step 1
}

// The steps that `largest` needs, reaching down to `smallest` (above 0) or as far as `most` allows.
export function ramp(smallest: number, largest: number, most = 6): Ramp {
  if (!(largest > 0)) return { steps: 0, floor: 1 };
  const high = decade(largest);
  const low = Math.max(decade(Math.max(smallest, 1)), high - most + 1);
  return { steps: high - low + 1, floor: 10 ** (low + 1) };
}

// 0 for nothing, 1 for the palest step.
export function step(of: Ramp, value: number): number {
  if (!(value > 0) || of.steps === 0) return 0;
  if (value < of.floor) return 1;
  return Math.min(of.steps, 2 + decade(value) - decade(of.floor));
}

export interface RampStep {
  step: number;
  from: number; // 0 for the first: "less than `to`"
  to: number | null; // null for the last: "and more"
}

export function legend(of: Ramp): RampStep[] {
  const list: RampStep[] = [];
  for (let s = 1; s <= of.steps; ++s) {
    list.push({
      step: s,
      from: s === 1 ? 0 : of.floor * 10 ** (s - 2),
      to: s === of.steps ? null : of.floor * 10 ** (s - 1),
    });
  }
  return list;
}

// Math.log10(1000) is exact, but 10 ** k need not round-trip for every k: settle by comparison.
function decade(value: number): number {
  let k = Math.floor(Math.log10(value));
  if (10 ** (k + 1) <= value) ++k;
  if (10 ** k > value) --k;
  return k;
}
