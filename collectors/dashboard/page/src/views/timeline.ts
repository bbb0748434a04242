// Bytes by crossing over event time, with the period before laid over it.
import "./timeline.css";
import { asTable, choice, CROSSING_WORDS, legend, nothing, section } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h, s } from "../dom.ts";
import { sum } from "../flows.ts";
import { bytes, duration, grouped, percent, share, time } from "../format.ts";
import type { CrossingName, Window } from "../model.ts";
import type { FileColumn } from "../parts/figure.ts";
import { pictureFiles } from "../parts/picture_files.ts";
import { cut, periodsFor, type Cut } from "../periods.ts";
import { whyNothing } from "./overview.ts";

const HEIGHT = 320;
const LEFT = 68;
const BOTTOM = 28;
const TOP = 10;
// More rows than this in the text alternative help nobody; the stored windows are in the store.
const TABLED = 500;

type Unit = "bytes" | "frames" | "flows";
const UNITS: Record<Unit, { label: string; print(value: number): string }> = {
  bytes: { label: "Bytes", print: bytes },
  frames: { label: "Frames", print: grouped },
  flows: { label: "Flows", print: grouped },
};

type Class = CrossingName | "suppressed";
// Cross-border stands on the axis, where lengths compare best.
const STACK: readonly Class[] = ["cross_border", "intra_zone", "domestic", "undetermined", "suppressed"];

const of = (window: Window, name: Class, unit: Unit) => window.crossing[name]?.[unit] ?? 0;

// 1, 2 or 5 times a power of ten, so that at most `most` steps reach `top`.
function niceStep(top: number, most: number): number {
  const rough = Math.max(top, 1) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((value) => value >= rough) ?? 10 * power;
}

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
  1209600, 2592000, 7776000, 31536000];

function timeLabel(at: number, step: number): string {
  const iso = new Date(at).toISOString();
  if (step >= 86400) return iso.slice(0, 10);
  return at % 86400000 === 0 ? iso.slice(5, 10) : iso.slice(11, step < 60 ? 19 : 16);
}

function chart(context: Context, shown: Cut, width: number, unit: Unit, chosen: Window | null, columns: number): SVGSVGElement {
  const right = columns - 6;
  const x = (at: number) => LEFT + ((at - shown.from) / (shown.to - shown.from)) * (right - LEFT);
  const totals = [...shown.windows, ...(shown.previous?.windows ?? [])].map((w) => w.total[unit]);
  const step = niceStep(Math.max(1, ...totals), 5);
  const top = Math.max(step, Math.ceil(Math.max(1, ...totals) / step) * step);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const svg = s("svg", { class: "timeline", viewBox: `0 0 ${columns} ${HEIGHT}`, role: "img",
    "aria-label": `${UNITS[unit].label} by crossing, ${grouped(shown.windows.length)} windows of ${duration(width)}. The figures are in the table below.` });
  for (let value = 0; value <= top + step / 2; value += step) {
    svg.append(s("line", { class: value === 0 ? "axis" : "grid", x1: LEFT, x2: right, y1: y(value), y2: y(value) }),
      s("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, UNITS[unit].print(value)));
  }
  const seconds = (shown.to - shown.from) / 1000;
  const tick = TIME_STEPS.find((t) => seconds / t <= (columns - LEFT) / 90) ?? TIME_STEPS[TIME_STEPS.length - 1]!;
  for (let at = Math.ceil(shown.from / (tick * 1000)) * tick * 1000; at <= shown.to; at += tick * 1000) {
    const label = timeLabel(at, tick);
    if (x(at) > right - 4 * label.length) break;
    svg.append(s("line", { class: "axis", x1: x(at), x2: x(at), y1: y(0), y2: y(0) + 5 }),
      s("text", { x: x(at), y: HEIGHT - 8, "text-anchor": x(at) < LEFT + 20 ? "start" : "middle" }, label));
  }
  // One path a class: a box for each window, with a hair's gap where there is room for it.
  const box = ((width * 1000) / (shown.to - shown.from)) * (right - LEFT);
  const gap = box > 5 ? 1 : 0;
  const base = new Map<Window, number>();
  for (const name of STACK) {
    let d = "";
    for (const window of shown.windows) {
      const value = of(window, name, unit);
      if (value === 0) continue;
      const low = base.get(window) ?? 0;
      base.set(window, low + value);
      d += `M${x(Date.parse(window.start)).toFixed(1)},${y(low).toFixed(1)}V${y(low + value).toFixed(1)}h${(box - gap).toFixed(1)}V${y(low).toFixed(1)}Z`;
    }
    if (d) svg.append(s("path", { class: `crossing-${name}`, d }));
  }
  if (shown.previous) {
    let d = "";
    for (const window of shown.previous.windows) {
      const at = x(Date.parse(window.start) + shown.previous.shift);
      d += `${d ? "L" : "M"}${at.toFixed(1)},${y(window.total[unit]).toFixed(1)}h${box.toFixed(1)}`;
    }
    svg.append(s("path", { class: "previous", d }));
  }
  if (chosen) svg.append(s("rect", { class: "mark", x: x(Date.parse(chosen.start)), y: TOP, width: Math.max(2, box), height: HEIGHT - TOP - BOTTOM }));
  svg.addEventListener("click", (event) => {
    const area = svg.getBoundingClientRect();
    const at = shown.from + ((((event.clientX - area.left) / area.width) * columns - LEFT) / (right - LEFT)) * (shown.to - shown.from);
    const hit = shown.windows.find((w) => at >= Date.parse(w.start) && at < Date.parse(w.start) + width * 1000);
    if (hit) context.url.set({ window: hit.start }, { replace: true });
  });
  return svg;
}

function readout(window: Window, before: Window | undefined, unit: Unit): HTMLElement {
  const line = (label: string, value: number, earlier: number | undefined) => h("div", null, h("dt", null, label),
    h("dd", null, UNITS[unit].print(value), h("span", { class: "detail" }, ` ${percent(share(value, window.total[unit]))}`)),
    earlier === undefined ? null : h("dd", { class: "detail" }, `before: ${UNITS[unit].print(earlier)}`));
  return h("dl", { class: "readout", id: "readout" },
    line("Total", window.total[unit], before?.total[unit]),
    ...STACK.filter((name) => of(window, name, "frames") > 0 || (before && of(before, name, "frames") > 0)).map((name) =>
      line(CROSSING_WORDS[name].label, of(window, name, unit), before ? of(before, name, unit) : undefined)));
}

function comparison(shown: Cut, unit: Unit): HTMLElement | null {
  if (!shown.previous) return null;
  const total = (windows: readonly Window[]) => windows.reduce((sum, w) => sum + w.total[unit], 0);
  const crossing = (windows: readonly Window[]) => windows.reduce((sum, w) => sum + of(w, "cross_border", unit), 0);
  const [now, before] = [total(shown.windows), total(shown.previous.windows)];
  return h("p", null, `${UNITS[unit].print(now)} in this period, ${UNITS[unit].print(before)} in the one before; ${
    percent(share(crossing(shown.windows), now))} crosses a border now, ${percent(share(crossing(shown.previous.windows), before))} before.`);
}

export const timeline: View = {
  id: "timeline",
  title: "Timeline",
  render(container, context) {
    const { model, url } = context;
    if (model.total.frames === 0) {
      container.append(whyNothing(model));
      return;
    }
    const { windows, width_seconds: given, reason } = model.timeline;
    if (windows.length === 0) {
      container.append(nothing(`There is no timeline, because ${reason ?? "everything was counted in one window"}.`,
        "Windows are spans of the frames' own time: add --window 60s to the command."));
      return;
    }
    const width = given && given > 0 ? given : 60;
    const unit = (Object.keys(UNITS) as Unit[]).find((u) => u === url.get("unit")) ?? "bytes";
    const periods = periodsFor(windows, width);
    const period = periods.find((p) => p.value === url.get("period")) ?? periods[0]!;
    const shown = cut(windows, width, period);
    const index = shown.windows.findIndex((w) => w.start === url.get("window"));
    const chosen = shown.windows[index] ?? null;
    const columnsWide = Math.max(340, Math.round(container.clientWidth) || 960);
    const startOf = (w: Window) => Date.parse(w.start);
    const before = chosen && shown.previous
      ? shown.previous.windows.find((w) => startOf(w) + shown.previous!.shift === startOf(chosen)) : undefined;
    const named = h("span", { class: "number" }, chosen ? time(chosen.start) : "none chosen");
    const slider = h("input", { type: "range", id: "window", min: 0, max: Math.max(0, shown.windows.length - 1), step: 1,
      value: index < 0 ? 0 : index, "aria-valuetext": chosen ? time(chosen.start) : "none chosen",
      input: (event) => {
        const start = shown.windows[Number((event.target as HTMLInputElement).value)]?.start ?? null;
        // While it is dragged, the rest is drawn when it is let go.
        named.textContent = time(start);
        url.set({ window: start }, { replace: true });
      } });
    slider.value = String(index < 0 ? 0 : index);
    const seen = STACK.filter((name) => windows.some((w) => of(w, name, "frames") > 0));
    const inWindows = sum(windows.map((w) => w.total));
    const columns: FileColumn<Window>[] = [
      { title: "Start", cell: (w) => time(w.start), value: (w) => w.start },
      { title: "Total", numeric: true, cell: (w) => UNITS[unit].print(w.total[unit]), value: (w) => w.total[unit] },
      ...seen.map((name) => ({ title: CROSSING_WORDS[name].label, numeric: true, cell: (w: Window) => UNITS[unit].print(of(w, name, unit)),
        value: (w: Window) => of(w, name, unit) })),
    ];
    const drawn = chart(context, shown, width, unit, chosen, columnsWide);
    container.append(...[
      h("div", { class: "controls" },
        choice(context, "unit", "Count", (Object.keys(UNITS) as Unit[]).map((u) => ({ value: u, label: UNITS[u].label })), unit),
        choice(context, "period", "Period", periods, period.value)),
      comparison(shown, unit),
      drawn,
      h("div", { class: "under-picture" }, legend(seen.map((name) => ({ label: CROSSING_WORDS[name].label, tone: `crossing-${name}` }))),
        pictureFiles(context, "timeline", `${UNITS[unit].label} by crossing`,
          `Windows of ${duration(width)}. From below: ${seen.map((name) => CROSSING_WORDS[name].label.toLowerCase()).join(", ")}.${
            shown.previous ? " Dashed: the total of the period before." : ""}`, drawn, columns, shown.windows)),
      shown.previous ? h("p", { class: "note" }, "Dashed: the total of the period before, moved to the same place.")
        : h("p", { class: "note" }, "Choose a period to lay the one before it over the picture."),
      h("div", { class: "window-choice" }, h("label", { for: "window" }, "Window"), slider, named),
      chosen ? readout(chosen, before, unit) : null,
      h("p", { class: "note" }, `Windows of ${duration(width)} of the frames' own time (UTC).${inWindows.bytes === model.total.bytes ? ""
        : ` They hold ${bytes(inWindows.bytes)} of the ${bytes(model.total.bytes)} counted; earlier ones are no longer kept.`}`),
      section("Every window", shown.windows.length > TABLED ? `The last ${grouped(TABLED)} of ${grouped(shown.windows.length)}.` : null,
        asTable("timeline-table", `${UNITS[unit].label} by window and crossing`, columns, shown.windows.slice(-TABLED))),
    ].filter((node): node is HTMLElement | SVGSVGElement => node !== null));
  },
};
