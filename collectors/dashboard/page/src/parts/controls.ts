// Small controls beside those of components.ts.
import { h, type Child } from "../dom.ts";
import type { UrlState } from "../url.ts";

// What the address asks for, if it is one of the choices; else the first. An address may be typed,
// or written by another version.
export function picked(url: UrlState, key: string, choices: readonly { value: string }[]): string {
  const value = url.get(key);
  return (choices.find((choice) => choice.value === value) ?? choices[0])?.value ?? "";
}

// A box that is ticked when the address says KEY=1.
export function switcher(url: UrlState, key: string, title: string): HTMLElement {
  const id = `switch-${key}`;
  const box = h("input", { id, type: "checkbox", checked: url.get(key) === "1" });
  box.addEventListener("change", () => url.set({ [key]: box.checked ? "1" : null }));
  return h("label", { class: "switch", for: id }, box, title);
}

export function tool(id: string, title: Child, label: string | null, click: () => void): HTMLElement {
  return h("button", { id, type: "button", class: "quiet", "aria-label": label, click }, title);
}

export function controls(label: string, ...children: Child[]): HTMLElement {
  return h("div", { class: "controls", role: "group", "aria-label": label }, ...children);
}
