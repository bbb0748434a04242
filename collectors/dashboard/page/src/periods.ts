// A stretch of windows, and the one of the same length before it, by event time.
import type { Window } from "./model.ts";

export interface Period {
  value: string;
  label: string;
  seconds: number | null;
}

const NAMED: readonly Period[] = [
  { value: "10min", label: "Last 10 minutes", seconds: 600 },
  { value: "hour", label: "Last hour", seconds: 3600 },
  { value: "day", label: "Last day", seconds: 86400 },
  { value: "week", label: "Last 7 days", seconds: 604800 },
];

export interface Cut {
  // First instant of the period, and its end, in milliseconds.
  from: number;
  to: number;
  windows: readonly Window[];
  // The windows before, and how much later the period is than they; null where nothing is before.
  previous: { windows: readonly Window[]; shift: number } | null;
}

// Periods that these windows can fill, with something before them to compare; "all" and "half" always.
export function periodsFor(windows: readonly Window[], width: number): Period[] {
  const whole = windows.length === 0 ? 0
    : (Date.parse(windows[windows.length - 1]!.start) - Date.parse(windows[0]!.start)) / 1000 + width;
  return [{ value: "all", label: "All", seconds: null }, { value: "half", label: "Second half", seconds: null },
    ...NAMED.filter((p) => p.seconds !== null && p.seconds < whole && p.seconds > width)];
}

export function cut(windows: readonly Window[], width: number, period: Period): Cut {
  const starts = windows.map((w) => Date.parse(w.start));
  const first = starts[0] ?? 0;
  const end = (starts[starts.length - 1] ?? 0) + width * 1000;
  if (period.value === "all" || windows.length < 2) return { from: first, to: end, windows, previous: null };
  // Whole windows, so that a period and its predecessor hold as many.
  const steps = period.seconds === null ? Math.floor((end - first) / 2000 / width) : Math.floor(period.seconds / width);
  const length = Math.max(1, steps) * width * 1000;
  const from = end - length;
  const inside = (a: number, b: number) => windows.filter((_, i) => starts[i]! >= a && starts[i]! < b);
  const before = inside(from - length, from);
  return { from, to: end, windows: inside(from, end), previous: before.length > 0 ? { windows: before, shift: length } : null };
}
