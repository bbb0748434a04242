// Parts that several views draw with.
import type { Context } from "./context.ts";
import { h, s, type Child } from "./dom.ts";
import { bytes, percent } from "./format.ts";
import { LENSES, type CrossingName, type Lens, type LensName } from "./model.ts";

export const CROSSING_WORDS: Record<CrossingName | "suppressed", { label: string; meaning: string }> = {
  domestic: { label: "Domestic", meaning: "both ends are in one jurisdiction" },
  intra_zone: { label: "Within a zone", meaning: "different jurisdictions of one declared zone" },
  cross_border: { label: "Crosses a border", meaning: "the ends are in different jurisdictions" },
  undetermined: {
    label: "Undetermined",
    meaning: "one end is at an address whose place nobody can state",
  },
  suppressed: { label: "Suppressed", meaning: "too few clients to publish; counted in the total" },
};

export const LENS_WORDS: Record<LensName, { label: string; meaning: string }> = {
  location: { label: "Location", meaning: "where a database believes the address is" },
  registered: { label: "Registered", meaning: "where the address block is registered" },
  operator: { label: "Operator", meaning: "the home jurisdiction of the organisation that runs the network" },
};

// A section with a heading. `note` stands below the heading in small type.
export function section(title: string, note: Child, ...children: Child[]): HTMLElement {
  return h("section", { class: "section" }, h("h2", null, title),
    note ? h("p", { class: "note" }, note) : null, ...children);
}

// What stands where there is nothing to draw: why, and what to do.
export function nothing(reason: string, remedy?: string | null): HTMLElement {
  return h("div", { class: "nothing" }, h("p", null, reason), remedy ? h("p", { class: "note" }, remedy) : null);
}

export interface Column<Row> {
  title: string;
  cell(row: Row): Child;
  numeric?: boolean;
}

// A table with a caption and headers that name its columns; wide ones scroll by themselves, and
// take the keyboard's focus to be scrolled with it.
export function table<Row>(id: string, caption: string, columns: readonly Column<Row>[],
  rows: readonly Row[]): HTMLElement {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption, id },
    h("table", null,
      h("caption", null, caption),
      h("thead", null, h("tr", null,
        ...columns.map((c) => h("th", { scope: "col", class: c.numeric ? "number" : null }, c.title)))),
      h("tbody", null, ...rows.map((row) => h("tr", null,
        ...columns.map((c, i) => i === 0
          ? h("th", { scope: "row" }, c.cell(row))
          : h("td", { class: c.numeric ? "number" : null }, c.cell(row))))))));
}

// A picture's text alternative: the same figures as a table, folded away.
export function asTable<Row>(id: string, caption: string, columns: readonly Column<Row>[],
  rows: readonly Row[]): HTMLElement {
  return h("details", { class: "as-table", id: `${id}-details` },
    h("summary", { id: `${id}-summary` }, "The same as a table"), table(id, caption, columns, rows));
}

// A choice of few, as buttons of which one is pressed; the address key `key` holds it.
export function choice(context: Context, key: string, label: string,
  options: readonly { value: string; label: string; title?: string; disabled?: boolean }[],
  current: string): HTMLElement {
  return h("div", { class: "choice", role: "group", "aria-label": label },
    h("span", { class: "choice-label" }, label),
    ...options.map((option) => h("button", {
      type: "button",
      id: `${key}-${option.value}`,
      "aria-pressed": option.value === current ? "true" : "false",
      title: option.title,
      disabled: option.disabled,
      click: () => context.url.set({ [key]: option.value }),
    }, option.label)));
}

// The lens that the address asks for, or location; a lens that was not measured gives null.
export function currentLens(context: Context): { name: LensName; lens: Lens | null } {
  const wanted = context.url.get("lens");
  const name = LENSES.find((l) => l === wanted) ?? "location";
  return { name, lens: context.model.lenses[name] };
}

export function lensSwitch(context: Context): HTMLElement {
  return choice(context, "lens", "Jurisdiction by", LENSES.map((name) => ({
    value: name,
    label: LENS_WORDS[name].label,
    title: context.model.lenses[name]
      ? LENS_WORDS[name].meaning : `${LENS_WORDS[name].meaning}: not measured here`,
  })), currentLens(context).name);
}

// A labelled select; the address key `key` holds its value.
export function select(context: Context, key: string, label: string,
  options: readonly { value: string; label: string }[], current: string): HTMLElement {
  const element = h("select", {
    id: `select-${key}`,
    change: (event) => context.url.set({ [key]: (event.target as HTMLSelectElement).value }),
  }, ...options.map((o) => h("option", { value: o.value, selected: o.value === current }, o.label)));
  return h("label", { class: "select" }, h("span", null, label), element);
}

export interface Part {
  label: string;
  value: number;
  // A class of page.css that gives the colour: "crossing-domestic", "ramp-3", ...
  tone: string;
}

// One bar of parts that add up to `whole`; what is missing stays empty. Widths are exact.
export function bar(label: string, parts: readonly Part[], whole: number): SVGSVGElement {
  const svg = s("svg", {
    class: "bar", viewBox: "0 0 1000 40", preserveAspectRatio: "none", role: "img",
    "aria-label": `${label}: ${parts.map((p) => `${p.label} ${percent(whole > 0 ? p.value / whole : null)}`).join(", ")}`,
  }, s("rect", { class: "bar-ground", x: 0, y: 0, width: 1000, height: 40 }));
  let x = 0;
  for (const part of parts) {
    const width = whole > 0 ? (1000 * part.value) / whole : 0;
    if (width > 0) {
      svg.append(s("rect", { class: part.tone, x: x.toFixed(3), y: 0, width: width.toFixed(3), height: 40 },
        s("title", null, `${part.label}: ${bytes(part.value)}, ${percent(part.value / whole)}`)));
    }
    x += width;
  }
  return svg;
}

export function legend(parts: readonly { label: string; tone: string; detail?: string }[]): HTMLElement {
  return h("ul", { class: "legend" }, ...parts.map((part) => h("li", null,
    s("svg", { class: "swatch", viewBox: "0 0 12 12", "aria-hidden": "true" },
      s("rect", { class: part.tone, width: 12, height: 12, rx: 2 })),
    h("span", null, part.label), part.detail ? h("span", { class: "detail" }, part.detail) : null)));
}

// A command that a button copies. Where the browser refuses, the command is selected instead.
export function copyable(id: string, command: string): HTMLElement {
  const code = h("code", null, command);
  const button = h("button", {
    type: "button", class: "quiet", id,
    click: () => {
      const done = () => { button.textContent = "Copied"; };
      const mark = () => window.getSelection()?.selectAllChildren(code);
      if (navigator.clipboard) navigator.clipboard.writeText(command).then(done, mark);
      else mark();
    },
  }, "Copy");
  return h("span", { class: "copyable" }, code, button);
}
