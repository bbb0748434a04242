// What the codes of the taxonomy mean, where a picture has room for codes only.
import type { Context } from "../context.ts";
import { h } from "../dom.ts";

// The sentence of a category without its full stop; the code itself where the model has none.
export function meaning(context: Context, category: string): string {
  const found = context.model.categories.find((row) => row.category === category);
  return found?.label ? found.label.replace(/\.$/, "") : category;
}

export function categoryWord(context: Context, category: string): HTMLElement {
  return h("span", { title: meaning(context, category) }, category);
}

export function categoryList(context: Context, categories: readonly string[]): HTMLElement | null {
  if (categories.length === 0) return null;
  return h("dl", { class: "codes", "aria-label": "Codes of the categories shown" },
    ...categories.map((category) => h("div", null, h("dt", null, category), h("dd", null, meaning(context, category)))));
}
