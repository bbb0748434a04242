// What a picture weighs by, and how its weights are written.
import { bytes, grouped } from "../format.ts";

export type Unit = "bytes" | "flows" | "frames";

export const UNITS: readonly { value: Unit; label: string }[] = [
  { value: "bytes", label: "Bytes" },
  { value: "flows", label: "Flows" },
  { value: "frames", label: "Frames" },
];

export function amount(value: number, unit: Unit): string {
  return unit === "bytes" ? bytes(value) : `${grouped(value)} ${value === 1 ? unit.slice(0, -1) : unit}`;
}

const SCALES = ["", "k", "M", "G", "T", "P", "E"] as const;

// At most four letters, for a cell of a matrix: "999", "1.1M", "52M".
export function compact(value: number): string {
  let scaled = value;
  let scale = 0;
  while (scaled >= 999.5 && scale + 1 < SCALES.length) {
    scaled /= 1000;
    ++scale;
  }
  if (scale === 0) return String(Math.round(scaled));
  return `${scaled < 9.95 ? scaled.toFixed(1) : Math.round(scaled)}${SCALES[scale]}`;
}
