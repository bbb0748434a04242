// The matrix as a table that is its own picture, and as SVG for the file.
import { legend } from "../components.ts";
import { h, s } from "../dom.ts";
import { percent, share } from "../format.ts";
import { isJurisdiction, nameOf } from "../jurisdictions.ts";
import { OTHER, type Grid } from "../rows/matrix.ts";
import { legend as steps, step, type Ramp } from "../rows/ramp.ts";
import { amount, compact, type Unit } from "../rows/units.ts";

export function keyName(key: string, of: Grid): string {
  if (key !== OTHER) return nameOf(key);
  return of.others > 0 ? `${of.others} others` : "others";
}

// What heads a column: a code, since columns are narrow.
function keyShort(key: string): string {
  return key === OTHER ? "other" : key;
}

export function rampLegend(scale: Ramp, unit: Unit): HTMLElement {
  const text = (value: number): string => amount(value, unit).replace(".0 ", " ");
  return legend(steps(scale).map(({ step: level, from, below }) => ({
    tone: `ramp-${level}`,
    label: from > 0 ? `from ${text(from)}` : below === null ? "any" : `below ${text(below)}`,
  })));
}

function description(of: Grid, r: number, c: number, unit: Unit): string {
  const value = of.cells[r]![c]!;
  return `${keyName(of.keys[r]!, of)} to ${keyName(of.keys[c]!, of)}: ${amount(value, unit)}, ${
    percent(share(value, of.total))}`;
}

// The keys that move within a grid (WAI-ARIA Authoring Practices, pattern "Grid").
const MOVES: Readonly<Record<string, (r: number, c: number, n: number) => [number, number]>> = {
  ArrowUp: (r, c) => [r - 1, c],
  ArrowDown: (r, c) => [r + 1, c],
  ArrowLeft: (r, c) => [r, c - 1],
  ArrowRight: (r, c) => [r, c + 1],
  Home: (r) => [r, 0],
  End: (r, _, n) => [r, n - 1],
  PageUp: (_, c) => [0, c],
  PageDown: (_, c, n) => [n - 1, c],
};

// Widths that matrix.css gives to the columns.
const NAME_REM = 11;
const CELL_REM = 2.75;

// `choose` is told the keys of a cell; null stands for all of an axis. One place of the grid is in
// the order of the tabulator; arrows move it.
export function gridTable(of: Grid, scale: Ramp, unit: Unit,
  at: { src: string | null; dst: string | null } | null,
  choose: (src: string | null, dst: string | null) => void): HTMLElement {
  const n = of.keys.length;
  const places: HTMLElement[][] = []; // row 0 and column 0 are the headers
  const chosen = (src: string | null, dst: string | null): boolean =>
    at !== null && at.src === src && at.dst === dst;
  const make = (tag: "td" | "th", r: number, c: number, attributes: Record<string, string | null>,
    ...children: (HTMLElement | string)[]): HTMLElement => {
    const src = r === 0 ? null : of.keys[r - 1]!;
    const dst = c === 0 ? null : of.keys[c - 1]!;
    const element = h(tag, { id: `matrix-${r}-${c}`, tabindex: -1, "data-r": r, "data-c": c,
      "aria-selected": chosen(src, dst) ? "true" : null, ...attributes }, ...children);
    (places[r] ??= [])[c] = element;
    return element;
  };
  const corner = h("td", { class: "corner" }, h("span", { class: "visually-hidden" }, "from, to"));
  const head = h("tr", null, corner,
    ...of.keys.map((key, c) => make("th", 0, c + 1, { scope: "col", class: keyShort(key).length > 5 ? "long" : null, title: keyName(key, of) }, keyShort(key))),
    h("th", { scope: "col", class: "sum" }, "Sum"));
  const body = of.keys.map((key, r) => h("tr", null,
    make("th", r + 1, 0, { scope: "row", title: keyName(key, of) },
      // A special is its own name, and so is what is folded.
      isJurisdiction(key) ? h("span", { class: "code" }, key) : "",
      h("span", { class: isJurisdiction(key) ? "name-of" : null }, keyName(key, of))),
    ...of.keys.map((column, c) => {
      const value = of.cells[r]![c]!;
      const own = key === column && key !== OTHER ? " own" : "";
      return make("td", r + 1, c + 1,
        { class: `step-${step(scale, value)}${own}`, title: value > 0 ? description(of, r, c, unit) : null },
        value > 0 ? compact(value) : "");
    }),
    h("td", { class: "sum" }, compact(of.rowSums[r]!))));
  const foot = h("tr", null, h("th", { scope: "row", class: "sum" }, "Sum"),
    ...of.columnSums.map((sum) => h("td", { class: "sum" }, compact(sum))),
    h("td", { class: "sum" }, compact(of.total)));
  // Columns of one width each: a browser need not measure every cell to settle them.
  const columns = h("colgroup", null, h("col", { class: "name-column" }), ...of.keys.map(() => h("col")), h("col"));
  const table = h("table", { class: "matrix", role: "grid", "aria-label": "Source by destination" }, columns,
    h("thead", null, head), h("tbody", null, ...body), h("tfoot", null, foot));
  const tell = (target: EventTarget | null): boolean => {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-r]") : null;
    if (!cell) return false;
    const r = Number(cell.dataset["r"]);
    const c = Number(cell.dataset["c"]);
    choose(r === 0 ? null : of.keys[r - 1]!, c === 0 ? null : of.keys[c - 1]!);
    return true;
  };
  table.addEventListener("click", (event) => tell(event.target));
  table.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      if (tell(event.target)) event.preventDefault();
      return;
    }
    const move = MOVES[event.key];
    const cell = event.target instanceof HTMLElement ? event.target : null;
    if (!move || !cell?.dataset["r"] || event.ctrlKey || event.altKey || event.metaKey) return;
    const [r, c] = move(Number(cell.dataset["r"]), Number(cell.dataset["c"]), n + 1);
    const next = places[r]?.[c];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  // Whatever has the focus last is where the tabulator comes back to.
  let inOrder = places.flat().find((place) => place?.getAttribute("aria-selected") === "true") ?? places[1]![1]!;
  inOrder.tabIndex = 0;
  table.addEventListener("focusin", (event) => {
    const cell = event.target instanceof HTMLElement ? event.target : null;
    if (!cell?.dataset["r"]) return;
    inOrder.tabIndex = -1;
    inOrder = cell;
    inOrder.tabIndex = 0;
  });
  // A wide grid scrolls by itself; the keys scroll it, since they move the focus within it.
  table.style.minWidth = `${NAME_REM + (n + 1) * CELL_REM}rem`;
  return h("div", { class: "scroll matrix-scroll", id: "matrix-scroll" }, table);
}

const CELL_WIDTH = 50;
const CELL_HEIGHT = 24;
const NAME_WIDTH = 170;
const LEGEND_HEIGHT = 34;

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export function gridPicture(of: Grid, scale: Ramp, unit: Unit): SVGSVGElement {
  const n = of.keys.length;
  const width = NAME_WIDTH + (n + 1) * CELL_WIDTH;
  const height = (n + 2) * CELL_HEIGHT + LEGEND_HEIGHT;
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height });
  const text = (x: number, y: number, content: string, style: string): void => {
    svg.append(s("text", { x, y: y + CELL_HEIGHT / 2 + 4, class: style }, content));
  };
  const right = (c: number): number => NAME_WIDTH + (c + 1) * CELL_WIDTH - 5;
  of.keys.forEach((key, c) => text(right(c), 0, clipped(keyShort(key), 9), keyShort(key).length > 5 ? "label tiny end" : "label end"));
  text(right(n), 0, "Sum", "label end muted");
  of.keys.forEach((key, r) => {
    const y = (r + 1) * CELL_HEIGHT;
    text(0, y, clipped(keyName(key, of), 24), "label");
    of.cells[r]!.forEach((value, c) => {
      const level = step(scale, value);
      const x = NAME_WIDTH + c * CELL_WIDTH;
      svg.append(s("rect", { x: x + 0.5, y: y + 0.5, width: CELL_WIDTH - 1, height: CELL_HEIGHT - 1,
        class: `${level === 0 ? "empty-cell" : `ramp-${level}`}${level > 0 && key === of.keys[c] && key !== OTHER ? " own-cell" : ""}` },
      value > 0 ? s("title", null, description(of, r, c, unit)) : null));
      if (value > 0) text(right(c), y, compact(value), `label end on-${level}`);
    });
    text(right(n), y, compact(of.rowSums[r]!), "label end muted");
  });
  const last = (n + 1) * CELL_HEIGHT;
  text(0, last, "Sum", "label muted");
  of.columnSums.forEach((sum, c) => text(right(c), last, compact(sum), "label end muted"));
  text(right(n), last, compact(of.total), "label end muted");
  let x = 0;
  for (const { step: level, from, below } of steps(scale)) {
    const y = height - 18;
    const words = (from > 0 ? `from ${amount(from, unit)}` : below === null ? "any" : `below ${amount(below, unit)}`)
      .replace(".0 ", " ");
    svg.append(s("rect", { x, y, width: 12, height: 12, class: `ramp-${level}` }));
    svg.append(s("text", { x: x + 17, y: y + 10, class: "label" }, words));
    x += 34 + words.length * 7;
  }
  return svg;
}
