// A list of names with bars: the longest is the largest, the figures stand beside it.
import { bar } from "./components.ts";
import { h, type Child } from "./dom.ts";
import { bytes, percent, share } from "./format.ts";

export interface Ranked {
  label: Child;
  // The label in words, where it is an element; the label itself otherwise.
  name?: string;
  value: number;
}

export function ranking(rows: readonly Ranked[], whole: number, tone: string): HTMLElement {
  const most = Math.max(1, ...rows.map((row) => row.value));
  return h("ul", { class: "ranking" }, ...rows.map((row) => {
    const name = row.name ?? String(row.label);
    const picture = bar(name, [{ label: name, value: row.value, tone }], most);
    picture.classList.add("thin");
    picture.removeAttribute("role");
    picture.removeAttribute("aria-label");
    picture.setAttribute("aria-hidden", "true");
    return h("li", null, h("div", { class: "row" }, h("span", null, row.label),
      h("span", null, h("span", { class: "detail" }, bytes(row.value)),
        h("span", { class: "share" }, percent(share(row.value, whole))))), picture);
  }));
}
