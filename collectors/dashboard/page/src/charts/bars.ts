// Bars with labels: one value a row, with bounds where there are any; and balances around a middle.
import { s } from "../dom.ts";
import { legendGroup, type LegendItem } from "./legend.ts";
import { hatch } from "./verdicts.ts";

export interface BarRow {
  label: string;
  value: number;
  text: string; // behind the bar
  tone: string | null; // a class that fills; null is hatched: not known
  low?: number | null;
  high?: number | null;
}

const LINE = 26;
const NARROW_LINE = 40;
const LABEL = 210;
const NARROW = 560;
const LETTER = 6.6;

export function clipped(text: string, width: number): string {
  const most = Math.max(4, Math.floor(width / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

// `most`: the value of a bar as long as the picture is wide.
export function barPicture(id: string, label: string, rows: readonly BarRow[], most: number, width: number,
  items: readonly LegendItem[] = []): SVGSVGElement {
  const narrow = width < NARROW;
  const left = narrow ? 0 : LABEL;
  const line = narrow ? NARROW_LINE : LINE;
  const letters = rows.reduce((n, row) => Math.max(n, row.text.length), 0);
  const space = Math.max(60, width - left - letters * LETTER - 14);
  const key = legendGroup(items, rows.length * line + 10, width);
  const height = rows.length * line + 4 + (key.height > 0 ? key.height + 6 : 0);
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `${label}; the same follows as a table` }, s("defs", null, hatch(`${id}-hatch`)), key.group);
  const length = (value: number): number => (most > 0 ? Math.min(1, value / most) * space : 0);
  rows.forEach((row, i) => {
    const top = i * line + (narrow ? 18 : 4);
    const middle = top + 9;
    svg.append(s("text", { class: "label", x: 0, y: narrow ? top - 4 : middle + 4 }, clipped(row.label, narrow ? width : LABEL - 12),
      s("title", null, row.label)));
    svg.append(s("rect", { class: row.tone, fill: row.tone === null ? `url(#${id}-hatch)` : null, x: left, y: top,
      width: length(row.value).toFixed(2), height: 18 }, s("title", null, `${row.label}: ${row.text}`)));
    let end = length(row.value);
    const [low, high] = [row.low ?? row.value, row.high ?? row.value];
    if (high > low) {
      const [x1, x2] = [(left + length(low)).toFixed(2), (left + length(high)).toFixed(2)];
      svg.append(s("path", { class: "whisker", d: `M${x1} ${middle}H${x2}M${x1} ${middle - 4}v8M${x2} ${middle - 4}v8` }));
      end = Math.max(end, length(high));
    }
    svg.append(s("text", { class: "label", x: (left + end + 8).toFixed(2), y: middle + 4 }, row.text));
  });
  return svg;
}

export interface BalanceRow {
  left: string; // whose bar grows to the left
  right: string;
  toRight: number; // what `left` gives
  toLeft: number; // what `right` gives
  text: string;
}

// What each of two gives, back to back: the longer side gives more.
export function balancePicture(label: string, rows: readonly BalanceRow[], width: number): SVGSVGElement {
  const narrow = width < NARROW;
  const side = narrow ? 0 : 150;
  const line = narrow ? NARROW_LINE : LINE;
  const letters = rows.reduce((n, row) => Math.max(n, row.text.length), 0);
  const right = narrow ? 0 : letters * LETTER + 12;
  const middleX = side + (width - 2 * side - right) / 2;
  const half = Math.max(40, (width - 2 * side - right) / 2 - 6);
  const most = rows.reduce((m, row) => Math.max(m, row.toLeft, row.toRight), 0);
  const end = rows.length * line + 4;
  const key = legendGroup([{ tone: "gives-left", label: "what the left gives" }, { tone: "gives-right", label: "what the right gives" }], end + 6, width);
  const height = end + 6 + key.height;
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `${label}; the same follows as a table` }, key.group);
  const length = (value: number): number => (most > 0 ? (value / most) * half : 0);
  rows.forEach((row, i) => {
    const top = i * line + (narrow ? 18 : 4);
    const text = narrow ? top - 4 : top + 13;
    const [l, r] = [length(row.toRight), length(row.toLeft)];
    svg.append(s("text", { class: narrow ? "label" : "label end", x: narrow ? 0 : side - 8, y: text }, clipped(row.left, narrow ? width / 3 : side - 12)));
    svg.append(s("text", { class: narrow ? "label end" : "label", x: narrow ? width : width - side - right + 8, y: text },
      clipped(row.right, narrow ? width / 3 : side - 12)));
    svg.append(s("rect", { class: "gives-left", x: (middleX - l).toFixed(2), y: top, width: l.toFixed(2), height: 18 }, s("title", null, row.text)));
    svg.append(s("rect", { class: "gives-right", x: middleX.toFixed(2), y: top, width: r.toFixed(2), height: 18 }, s("title", null, row.text)));
    svg.append(s("text", { class: narrow ? "label muted middle" : "label muted end", x: narrow ? width / 2 : width, y: text }, row.text));
  });
  svg.append(s("line", { class: "middle-line", x1: middleX, x2: middleX, y1: 0, y2: end }));
  return svg;
}
