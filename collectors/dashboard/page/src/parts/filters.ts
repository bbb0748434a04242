// The filters of the table of cells: one control for every field, and what is filtered in words.
import type { Context } from "../context.ts";
import { h } from "../dom.ts";
import { bytes, grouped } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import type { Cell } from "../model.ts";
import {
  choices, FIELDS, writeCondition, type Condition, type Field,
} from "../rows/cells.ts";
import { tool } from "./controls.ts";

// A list longer than this helps nobody; what the address asks for is offered all the same.
const MOST_CHOICES = 250;
const SEVERAL = "*several";

function set(context: Context, field: Field, value: string | null): void {
  context.url.set({ [field.key]: value, page: null });
}

function wordName(field: Field, value: string): string {
  if (value === "") return "(none)";
  if (field.jurisdiction) {
    const name = nameOf(value);
    return name === value ? value : `${value} ${name}`;
  }
  if (field.key === "src_as" || field.key === "dst_as") return value === "0" ? "not known" : `AS${value}`;
  return field.key === "entity" && value === "0" ? "none" : value;
}

function wordFilter(context: Context, rows: readonly Cell[], field: Field, condition: Condition | undefined) {
  const id = `filter-${field.key}`;
  const words = condition?.words ?? [];
  const list = choices(rows, field).slice(0, MOST_CHOICES);
  for (const word of words) {
    if (!list.some((choice) => choice.value === word)) list.push({ value: word, bytes: 0 });
  }
  const select = h("select", { id },
    h("option", { value: "", selected: words.length === 0 }, "any"),
    words.length > 1 ? h("option", { value: SEVERAL, selected: true }, `${words.length} values`) : null,
    ...list.map(({ value, bytes: sum }) => h("option", { value: `=${value}`, selected: words.length === 1 && words[0] === value },
      `${wordName(field, value)} (${bytes(sum)})`)));
  select.addEventListener("change", () => {
    if (select.value === SEVERAL) return;
    set(context, field, select.value === "" ? null : writeCondition({ field, words: [select.value.slice(1)] }));
  });
  return h("div", { class: "filter" }, h("label", { for: id }, field.title), select);
}

function numberFilter(context: Context, field: Field, condition: Condition | undefined) {
  const scale = field.key === "confidence" ? 100 : 1;
  const input = (which: "least" | "most", words: string): HTMLInputElement => {
    const value = condition?.[which];
    const element = h("input", { id: `filter-${field.key}-${which}`, type: "number", min: 0, step: "any",
      inputmode: "decimal", placeholder: words, "aria-label": `${field.title}: ${words}`,
      value: value === undefined ? null : value * scale });
    element.addEventListener("change", () => {
      const next: Condition = { field };
      for (const [key, end] of [["least", least], ["most", most]] as const) {
        const number = end.value.trim() === "" ? NaN : Number(end.value) / scale;
        if (Number.isFinite(number)) next[key] = number;
      }
      set(context, field, next.least === undefined && next.most === undefined ? null : writeCondition(next));
    });
    return element;
  };
  const least = input("least", "at least");
  const most = input("most", "at most");
  return h("div", { class: "filter", role: "group", "aria-label": field.title },
    h("span", { class: "filter-title" }, scale === 100 ? `${field.title}, %` : field.title),
    h("div", { class: "from-to" }, least, most));
}

// Whether the reader has the filters open: they are drawn only then, since they list every value.
let unfolded = false;

export function filterForm(context: Context, rows: readonly Cell[], present: readonly Field[],
  conditions: readonly Condition[]) {
  const of = (field: Field): Condition | undefined => conditions.find((condition) => condition.field === field);
  const fields = (): HTMLElement => h("div", { class: "filter-fields" }, ...present.map((field) => field.kind === "word"
    ? wordFilter(context, rows, field, of(field)) : numberFilter(context, field, of(field))));
  const details = h("details", { class: "filters", id: "filters", open: unfolded },
    h("summary", { id: "filters-summary" }, "Filters"), unfolded ? fields() : null);
  details.addEventListener("toggle", () => {
    unfolded = details.open;
    if (unfolded && details.childElementCount === 1) details.append(fields());
  });
  return details;
}

function inWords(condition: Condition): string {
  const { field } = condition;
  if (condition.words) {
    return `${field.title}: ${condition.words.map((word) => wordName(field, word)).join(" or ")}`;
  }
  const text = (value: number): string => field.key === "bytes" || field.key === "payload_bytes" ? bytes(value)
    : field.key === "confidence" ? `${value * 100} %` : grouped(value);
  return [
    field.title,
    condition.least === undefined ? null : `at least ${text(condition.least)}`,
    condition.most === undefined ? null : `at most ${text(condition.most)}`,
  ].filter(Boolean).join(" ");
}

// Each filter with a button that takes it away.
export function filterWords(context: Context, conditions: readonly Condition[]): HTMLElement | null {
  if (conditions.length === 0) return null;
  return h("ul", { class: "chips", "aria-label": "Filters in force" },
    ...conditions.map((condition) => h("li", null, inWords(condition), " ",
      tool(`drop-${condition.field.key}`, "Remove", `Remove the filter ${condition.field.title}`,
        () => set(context, condition.field, null)))),
    conditions.length > 1 ? h("li", null, tool("drop-all", "Remove all", null, () =>
      context.url.set({ page: null, ...Object.fromEntries(FIELDS.map((field) => [field.key, null])) }))) : null);
}
