// A logarithmic ramp with bounds that can be read aloud: powers of ten, or 1, 3, 10, 30 ... where the
// values lie close together.
//
// Pure functions.

export interface Ramp {
  // Lower bounds of the steps 2, 3 ..., ascending: what is smaller but not 0 is step 1.
  bounds: number[];
  steps: number; // bounds + 1; 0 when there is nothing
}

// The steps from `smallest` (above 0) to `largest`, but no more than `most`, which the largest take.
export function ramp(smallest: number, largest: number, most = 6): Ramp {
  if (!(largest > 0)) return { bounds: [], steps: 0 };
  const low = Math.max(1, Math.min(smallest, largest));
  const fine = between(low, largest, [1, 3]);
  const bounds = fine.length < most ? fine : between(low, largest, [1]);
  const kept = bounds.slice(-(most - 1));
  return { bounds: kept, steps: kept.length + 1 };
}

// `firsts` times powers of ten that lie above `low` and not above `high`, ascending.
function between(low: number, high: number, firsts: readonly number[]): number[] {
  const list: number[] = [];
  for (let k = 0; 10 ** k <= high; ++k) {
    for (const first of firsts) {
      const bound = first * 10 ** k;
      if (bound > low && bound <= high) list.push(bound);
    }
  }
  return list;
}

// 0 for nothing, 1 for the palest step.
export function step(of: Ramp, value: number): number {
  if (!(value > 0) || of.steps === 0) return 0;
  let at = 1;
  for (const bound of of.bounds) if (value >= bound) ++at;
  return at;
}

export interface RampStep {
  step: number;
  from: number; // 0 for the first
  below: number | null; // null for the last
}

export function legend(of: Ramp): RampStep[] {
  return Array.from({ length: of.steps }, (_, i) => ({
    step: i + 1, from: i === 0 ? 0 : of.bounds[i - 1]!, below: of.bounds[i] ?? null,
  }));
}
