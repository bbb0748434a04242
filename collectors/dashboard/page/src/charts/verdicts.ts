// How a verdict looks: one tone each, told apart by hue for every kind of colour vision, and by a
// hatching where nothing could be told. A label always stands beside.
import { s } from "../dom.ts";
import { percent } from "../format.ts";
import { VERDICTS, VERDICT_LABEL, VERDICT_MEANING, type Verdict } from "../rows/verdicts.ts";
import { legendGroup, type LegendItem } from "./legend.ts";

const HATCHED: Verdict = "undetermined";

// A pattern to fill with, as url(#ID).
export function hatch(id: string): SVGElement {
  return s("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("rect", { class: "hatch-ground", width: 6, height: 6 }), s("rect", { class: "hatch-line", width: 2, height: 6 }));
}

export function verdictMark(verdict: Verdict): SVGElement {
  return s("svg", { class: "swatch", viewBox: "0 0 12 12", "aria-hidden": "true" },
    s("rect", { class: `verdict-${verdict}`, width: 12, height: 12, rx: 2 }),
    verdict === HATCHED ? s("path", { class: "hatch-mark", d: "M0 6L6 0M0 12L12 0M6 12L12 6" }) : null);
}

// Whether something of the whole is withheld, so that the bar does not fill its place.
function isPartial(row: StackRow): boolean {
  const sum = row.parts.reduce((whole, part) => whole + part.share, 0);
  return sum > 0 && sum < 1 - 1e-6;
}

// The verdicts that occur in rows of shares, in their order.
function legendOf(rows: readonly StackRow[], hatchId: string): LegendItem[] {
  const items: LegendItem[] = VERDICTS.filter((verdict) => rows.some((row) => row.parts.some((part) => part.verdict === verdict && part.share > 0)))
    .map((verdict) => ({ label: VERDICT_LABEL[verdict], explains: VERDICT_MEANING[verdict],
      ...(verdict === HATCHED ? { tone: null, fill: `url(#${hatchId})` } : { tone: `verdict-${verdict}` }) }));
  return rows.some(isPartial) ? [...items, { tone: "withheld", label: "withheld", explains: "Too few clients are behind it to publish it." }] : items;
}

export interface StackRow {
  id: string;
  label: string;
  explains?: string; // said on hovering over the label
  parts: { verdict: Verdict; share: number }[];
  chosen?: boolean;
}

const ROW = 34;
const BAR = 22;
const LABEL = 200;
const NARROW = 560;
const LETTER = 6.6;

function clipped(text: string, width: number): string {
  const most = Math.max(4, Math.floor(width / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

// One bar a row, each of the whole width: shares of everything that was judged.
export function stackPicture(id: string, label: string, rows: readonly StackRow[], width: number): SVGSVGElement {
  const narrow = width < NARROW;
  const left = narrow ? 0 : LABEL;
  const line = narrow ? ROW + 16 : ROW;
  const key = legendGroup(legendOf(rows, `${id}-hatch`), rows.length * line + 28, width);
  const height = rows.length * line + 28 + key.height;
  const space = Math.max(120, width - left - 1);
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `${label}; the same follows as a table` }, s("defs", null, hatch(`${id}-hatch`)));
  rows.forEach((row, i) => {
    const top = i * line + (narrow ? 18 : 4);
    svg.append(s("text", { class: `label${row.chosen ? " strong" : ""}`, x: 0, y: narrow ? top - 5 : top + BAR / 2 + 4 },
      clipped(row.label, narrow ? width : LABEL - 12), s("title", null, row.explains ?? row.label)));
    if (isPartial(row)) svg.append(s("rect", { class: "withheld", x: left, y: top, width: space, height: BAR }));
    let x = left;
    for (const part of row.parts) {
      const size = part.share * space;
      if (size <= 0) continue;
      svg.append(s("rect", { class: part.verdict === HATCHED ? null : `verdict-${part.verdict}`,
        fill: part.verdict === HATCHED ? `url(#${id}-hatch)` : null, x: x.toFixed(2), y: top, width: size.toFixed(2), height: BAR },
      s("title", null, `${row.label}: ${VERDICT_LABEL[part.verdict]} ${percent(part.share)}`)));
      const words = percent(part.share);
      if (size > words.length * LETTER + 8) {
        if (part.verdict === HATCHED) {
          const w = words.length * LETTER + 8;
          svg.append(s("rect", { class: "hatch-ground", x: (x + (size - w) / 2).toFixed(2), y: top + 2, width: w.toFixed(2), height: BAR - 4 }));
        }
        svg.append(s("text", { class: `label small middle on-verdict-${part.verdict}`, x: (x + size / 2).toFixed(2), y: top + BAR / 2 + 4 }, words));
      }
      x += size;
    }
  });
  const axis = rows.length * line + 14;
  for (const [portion, words] of [[0, "0 %"], [0.5, "50 %"], [1, "100 %"]] as const) {
    svg.append(s("text", { class: `label small muted ${portion === 0 ? "" : portion === 1 ? "end" : "middle"}`,
      x: left + portion * space, y: axis }, words));
  }
  svg.append(key.group);
  return svg;
}

export interface IntervalRow {
  verdict: Verdict;
  share: number;
  lower: number | null;
  upper: number | null;
  expected: number | null;
}

// Shares as bars with what they could be: a line from the lower to the upper bound, and a tick where
// the confidence of the categories would put it.
export function intervalPicture(label: string, rows: readonly IntervalRow[], width: number): SVGSVGElement {
  const narrow = width < NARROW;
  const left = narrow ? 0 : LABEL;
  const line = narrow ? ROW + 14 : ROW - 4;
  const end = 64;
  const space = Math.max(100, width - left - end);
  const height = rows.length * line + 24;
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `${label}; the same follows as a table` }, s("defs", null, hatch("interval-hatch")));
  const x = (portion: number): number => left + portion * space;
  for (const portion of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(s("line", { class: "grid-line", x1: x(portion), x2: x(portion), y1: 0, y2: height - 20 }));
    svg.append(s("text", { class: `label small muted ${portion === 0 ? "" : "middle"}`, x: x(portion), y: height - 5 }, `${portion * 100} %`));
  }
  rows.forEach((row, i) => {
    const top = i * line + (narrow ? 18 : 6);
    const middle = top + 8;
    svg.append(s("text", { class: "label", x: 0, y: narrow ? top - 4 : middle + 4 }, VERDICT_LABEL[row.verdict]));
    svg.append(s("rect", { class: row.verdict === HATCHED ? null : `verdict-${row.verdict}`,
      fill: row.verdict === HATCHED ? "url(#interval-hatch)" : null,
      x: left, y: top, width: Math.max(0, row.share * space).toFixed(2), height: 16 },
    s("title", null, `${VERDICT_LABEL[row.verdict]}: ${percent(row.share)}`)));
    const [low, high] = [row.lower ?? row.share, row.upper ?? row.share];
    if (row.lower !== null && row.upper !== null && high > low) {
      svg.append(s("path", { class: "whisker", d: `M${x(low).toFixed(2)} ${middle}H${x(high).toFixed(2)}M${x(low).toFixed(2)} ${middle - 4}v8M${x(high).toFixed(2)} ${middle - 4}v8` },
        s("title", null, `between ${percent(low)} and ${percent(high)}`)));
    }
    if (row.expected !== null && row.expected > 0) {
      svg.append(s("path", { class: "tick", d: `M${x(row.expected).toFixed(2)} ${top - 2}v20` },
        s("title", null, `expected ${percent(row.expected)}`)));
    }
    const where = Math.max(x(row.share), x(high), x(row.expected ?? 0)) + 8;
    svg.append(s("text", { class: "label", x: where.toFixed(2), y: middle + 4 }, percent(row.share)));
  });
  return svg;
}
