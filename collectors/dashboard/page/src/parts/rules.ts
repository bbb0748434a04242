// The rules of a pack with what each decided; citation, needs and observability are a click away.
import { table } from "../components.ts";
import type { Context } from "../context.ts";
import { h, type Child } from "../dom.ts";
import { bytes, grouped, percent, share } from "../format.ts";
import type { Counts } from "../model.ts";
import type { Pack, Rule } from "../rows/pack.ts";
import { isVerdict, VERDICT_LABEL, type Verdict } from "../rows/verdicts.ts";
import { verdictMark } from "../charts/verdicts.ts";

export function verdictCell(word: string): Child {
  if (!isVerdict(word)) return word;
  return h("span", { class: "verdict" }, verdictMark(word as Verdict), VERDICT_LABEL[word as Verdict]);
}

const OBSERVABILITY: Readonly<Record<string, string>> = {
  direct: "direct: the rule is about what traffic shows",
  strong: "strong: traffic shows it nearly",
  indirect: "indirect: traffic shows what may trigger the rule",
  weak: "weak: traffic hints at it",
  none: "none: traffic does not show it",
};

function counted(counts: Counts, total: number): string {
  return `${bytes(counts.bytes)} (${percent(share(counts.bytes, total))}), ${grouped(counts.flows)} flows`;
}

function needs(pack: Pack, rule: Rule): Child {
  const open = rule.not_confirmed ?? [];
  if (open.length === 0) return "nothing beyond what was seen";
  return h("div", null, "What would have to be known beside the traffic; it was not declared, which is a question and not a breach:",
    h("ul", null, ...open.map((id) => h("li", null, pack.facts[id] ? `${pack.facts[id]} (${id})` : id))));
}

function detail(pack: Pack, rule: Rule, total: number, columns: number): HTMLElement {
  const row = (title: string, value: Child): Child[] => [h("dt", null, title), h("dd", null, value)];
  return h("tr", { class: "rule-detail", id: `rule-detail-${rule.rule}` }, h("td", { colspan: columns },
    h("dl", { class: "facts" },
      ...(rule.says ? row("In plain words", rule.says) : []),
      ...row("Citation", rule.cite || "none"),
      ...row("Needs", needs(pack, rule)),
      ...row("Observability", OBSERVABILITY[rule.observability ?? ""] ?? rule.observability ?? "not stated"),
      ...row("Purpose", `${rule.purpose ?? "not stated"}${rule.kind === "obligation" ? "; a commitment to let data through" : ""}`),
      ...row("Decided", counted(rule, total)),
      ...(rule.touched ? row("Holds for", counted(rule.touched, total)) : []),
      ...(rule.possible ? row("Might decide", `${counted(rule.possible, total)} of what is undetermined`) : []),
      ...(rule.country_only ? row("Place only", "This rule asks for nothing but places.") : []),
      ...(rule.unverified ? row("Unverified", "A fact of this rule was recalled, not read at its source.") : []),
      ...(rule.note ? row("Note", rule.note) : []))));
}

export function rulesTable(context: Context, pack: Pack): HTMLElement {
  const wanted = context.url.get("rule");
  const total = pack.rules.reduce((sum, rule) => sum + rule.bytes, pack.rules_left.bytes);
  const columns = 5;
  const rules = pack.rules.filter((rule) => rule.purpose !== undefined);
  const reasons = pack.rules.filter((rule) => rule.purpose === undefined && rule.frames > 0);
  const rows = [...rules].sort((a, b) => b.bytes - a.bytes).flatMap((rule) => {
    const open = wanted === rule.rule;
    return [h("tr", null,
      h("th", { scope: "row" }, h("button", { type: "button", class: "rule-name", id: `rule-${rule.rule}`,
        "aria-expanded": open ? "true" : "false", "aria-controls": open ? `rule-detail-${rule.rule}` : null,
        click: () => context.url.set({ rule: open ? null : rule.rule }) }, rule.rule)),
      h("td", { class: "says" }, rule.says ?? null,
        rule.country_only ? h("span", { class: "label-mark" }, "place only") : null,
        rule.unverified ? h("span", { class: "label-mark" }, "unverified") : null,
        (rule.not_confirmed ?? []).length > 0 ? h("span", { class: "label-mark" }, "needs not confirmed") : null),
      h("td", null, verdictCell(rule.verdict)),
      h("td", { class: "number" }, bytes(rule.bytes)),
      h("td", { class: "number" }, percent(share(rule.bytes, total)))),
    ...(open ? [detail(pack, rule, total, columns)] : [])];
  });
  return h("div", null,
    h("div", { class: "scroll", id: "rules-scroll", tabindex: 0, role: "region", "aria-label": "Table of rules" },
      h("table", { class: "rules" }, h("caption", null, "Rules by the bytes that they decided; choose one for citation, needs and observability"),
        h("thead", null, h("tr", null, ...["Rule", "Says", "Verdict", "Bytes", "Share"].map((title, i) =>
          h("th", { scope: "col", class: i > 2 ? "number" : null }, title)))),
        h("tbody", null, ...rows))),
    pack.rules_left.bytes === 0 ? null : h("p", { class: "note" },
      `Rules whose sums are folded or withheld decided ${bytes(pack.rules_left.bytes)} more.`),
    reasons.length === 0 ? null : table("reasons", "What no rule decided", [
      { title: "Because", cell: (rule: Rule) => rule.cite || rule.rule },
      { title: "Verdict", cell: (rule: Rule) => verdictCell(rule.verdict) },
      { title: "Bytes", numeric: true, cell: (rule: Rule) => bytes(rule.bytes) },
      { title: "Share", numeric: true, cell: (rule: Rule) => percent(share(rule.bytes, total)) },
    ], reasons));
}
