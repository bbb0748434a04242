// The same traffic judged otherwise: the default flipped, the origin term dropped, the non-aligned
// treated in another way, the tiers drawn elsewhere; or by another pack.
import { nothing, select, table, type Column } from "../components.ts";
import type { Context } from "../context.ts";
import { h, type Child } from "../dom.ts";
import { bytes, grouped, percent, share } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import type { Counts } from "../model.ts";
import { stackPicture, type StackRow } from "../charts/verdicts.ts";
import { figure, type FileColumn } from "./figure.ts";
import { verdictCell } from "./rules.ts";
import type { Comparison, Judged, Pack, VerdictCounts } from "../rows/pack.ts";
import { amount, type Unit } from "../rows/units.ts";
import {
  alternatives, comparisonOf, judgedTotal, leastMoved, shifts, VERDICTS, VERDICT_LABEL, verdictShares, type Alternative, type Verdict,
} from "../rows/verdicts.ts";

export function stackRow(id: string, label: string, judged: Judged, unit: Unit, chosen = false): StackRow {
  return { id, label, chosen, parts: verdictShares(judged, unit).map(({ verdict, share: part }) => ({ verdict, share: part })) };
}

function occurring(rows: readonly StackRow[]): Verdict[] {
  return VERDICTS.filter((verdict) => rows.some((row) => row.parts.some((part) => part.verdict === verdict && part.share > 0)));
}

// The figures behind a picture of stacks: one column a verdict.
export function stackColumns(rows: readonly StackRow[]): FileColumn<StackRow>[] {
  const of = (row: StackRow, verdict: Verdict): number => row.parts.find((part) => part.verdict === verdict)?.share ?? 0;
  return [
    { title: "Evaluated", cell: (row) => row.label, value: (row) => row.label },
    ...occurring(rows).map((verdict): FileColumn<StackRow> => ({
      title: VERDICT_LABEL[verdict], numeric: true, cell: (row) => percent(of(row, verdict)), value: (row) => of(row, verdict),
    })),
  ];
}

// "+3.2 points", with a sign that screen readers say.
function points(shift: number): string {
  const value = 100 * shift;
  if (Math.abs(value) < 0.05) return value === 0 ? "0" : "<0.1 points";
  return `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(1)} points`;
}

function shiftTable(id: string, caption: string, from: Judged, to: Judged, names: [string, string], unit: Unit): HTMLElement {
  const before = verdictShares(from, unit);
  const after = verdictShares(to, unit);
  const moves = shifts(to, from, unit);
  const rows = VERDICTS.map((verdict, i) => ({ verdict, before: before[i]!.share, after: after[i]!.share, shift: moves[i]!.shift }))
    .filter((row) => row.before > 0 || row.after > 0);
  return table(id, caption, [
    { title: "Verdict", cell: (row) => verdictCell(row.verdict) },
    { title: names[0], numeric: true, cell: (row) => percent(row.before) },
    { title: names[1], numeric: true, cell: (row) => percent(row.after) },
    { title: "Moves by", numeric: true, cell: (row) => h("span", { class: "shift" }, points(row.shift)) },
  ], rows);
}

// Row: verdict of one; column: verdict of the other. The diagonal is what they agree on.
export function verdictMatrix(id: string, caption: string, matrix: Record<string, VerdictCounts>, unit: Unit,
  names: [string, string]): HTMLElement {
  const used = VERDICTS.filter((verdict) => matrix[verdict] || Object.values(matrix).some((row) => row[verdict]));
  type Row = { verdict: Verdict };
  return table(id, caption, [
    { title: `${names[0]} ↓  ${names[1]} →`, cell: (row: Row) => verdictCell(row.verdict) },
    ...used.map((column) => ({
      title: VERDICT_LABEL[column], numeric: true,
      cell: (row: Row): Child => {
        const counts = matrix[row.verdict]?.[column];
        return counts ? h("span", { class: row.verdict === column ? "agree" : "differ" }, amount(counts[unit], unit)) : "";
      },
    })),
  ], used.map((verdict) => ({ verdict })));
}

// What the origin term contributes: 1 - findings without it / findings with it.
function originWords(contribution: number | null | undefined): string {
  if (typeof contribution !== "number") return "";
  if (contribution > 0) return ` Country of origin alone accounts for ${percent(contribution)} of what the pack finds.`;
  return contribution === 0 ? " What the pack finds does not hang on country of origin."
    : ` Without places the pack finds more, not less: ${(1 - contribution).toFixed(1)} times as many bytes, since places also let traffic through.`;
}

function detail(pack: Pack, of: Alternative, unit: Unit): Child[] {
  if (!of.judged) return [nothing(`"${of.title}" is not in this document: ${of.missing}`)];
  const total = judgedTotal(pack, unit);
  const moved = of.variant?.moved
    ? `${amount(of.variant.moved[unit], unit)}, ${percent(share(of.variant.moved[unit], total))} of all ${unit}, get another verdict.`
    : `At least ${percent(leastMoved(of.judged, pack, unit))} of all ${unit} get another verdict (as the shares move; what moves both ways is not in it).`;
  return [
    h("p", { class: "note", id: "otherwise-moved" }, `${of.explains} ${moved}${originWords(of.variant?.contribution)}`),
    shiftTable("otherwise-shift", `${pack.pack}, ${of.title}: how the shares move`, pack, of.judged, ["As written", "Otherwise"], unit),
    of.variant?.matrix && Object.keys(of.variant.matrix).length > 0
      ? verdictMatrix("otherwise-matrix", "From which verdict to which", of.variant.matrix, unit, ["as written", "otherwise"]) : null,
  ];
}

export function otherwise(container: HTMLElement, context: Context, pack: Pack, unit: Unit): () => void {
  const list = alternatives(pack);
  const asked = list.find((alternative) => alternative.id === context.url.get("as")) ?? null;
  const rows = [stackRow("written", "as written", pack, unit, asked === null),
    ...list.filter((alternative) => alternative.judged).map((alternative) =>
      ({ ...stackRow(alternative.id, alternative.title, alternative.judged!, unit, alternative === asked), explains: alternative.explains }))];
  const missing = list.filter((alternative) => !alternative.judged);
  const ending = figure(container, context, {
    id: "otherwise",
    title: "Judged otherwise",
    fileTitle: `Shares of verdicts of ${pack.pack}, of ${unit}, as written and judged otherwise`,
    says: "The same traffic, with one thing of the pack changed. Nothing here recommends a choice: it shows how much hangs on it.",
    above: h("div", { class: "controls" }, select(context, "as", "Look at", [{ value: "", label: "nothing in particular" },
      ...list.map((alternative) => ({ value: alternative.id,
        label: alternative.judged ? alternative.title : `${alternative.title} (not in this document)` }))], asked?.id ?? "")),
    draw: (width) => stackPicture("otherwise-picture", `Shares of verdicts of ${pack.pack} under each change`, rows, width),
    figures: { caption: `Shares of verdicts of ${pack.pack}, as written and otherwise`, columns: stackColumns(rows), rows },
  });
  const section = container.lastElementChild!;
  for (const reason of new Set(missing.map((alternative) => alternative.missing))) {
    const titles = missing.filter((alternative) => alternative.missing === reason).map((alternative) => alternative.title);
    section.append(h("p", { class: "note" }, `Not in this document: ${titles.join(", ")}; ${reason}.`));
  }
  if (asked) section.append(...detail(pack, asked, unit).filter((child): child is HTMLElement => child instanceof Node));
  return ending;
}

function largestOf(rows: readonly unknown[], of: number | undefined): string {
  return of !== undefined && of > rows.length ? `: the ${rows.length} largest of ${grouped(of)}` : "";
}

function differences(comparison: Comparison): Child[] {
  const decided = (word: string): Child => verdictCell(word);
  const common: Column<Counts>[] = [
    { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes) },
    { title: "Flows", numeric: true, cell: (row) => grouped(row.flows) },
  ];
  const byRule = (comparison.by_rule ?? []).slice(0, 12);
  const byPair = (comparison.by_pair ?? []).slice(0, 12);
  return [
    byRule.length === 0 ? null : table<NonNullable<Comparison["by_rule"]>[number]>("compare-rules", `Where they part, by the rules that decided${largestOf(byRule, comparison.by_rule_of)}`, [
      { title: `Rule of ${comparison.a}`, cell: (row) => row.rule_a }, { title: "says", cell: (row) => decided(row.a) },
      { title: `Rule of ${comparison.b}`, cell: (row) => row.rule_b }, { title: "says", cell: (row) => decided(row.b) }, ...common,
    ], byRule),
    byPair.length === 0 ? null : table<NonNullable<Comparison["by_pair"]>[number]>("compare-pairs", `Where they part, by pair of jurisdictions${largestOf(byPair, comparison.by_pair_of)}`, [
      { title: "From", cell: (row) => nameOf(row.src) }, { title: "To", cell: (row) => nameOf(row.dst) },
      { title: comparison.a, cell: (row) => decided(row.a) }, { title: comparison.b, cell: (row) => decided(row.b) }, ...common,
    ], byPair),
  ];
}

// `pack` against the pack that the address asks for.
export function compared(container: HTMLElement, context: Context, pack: Pack, packs: readonly Pack[],
  comparisons: readonly Comparison[], reason: string | null, unit: Unit): () => void {
  const others = packs.filter((other) => other !== pack);
  const title = "Against another pack";
  if (others.length === 0) {
    container.append(h("section", { class: "section", id: "compare" }, h("h2", null, title),
      nothing("One pack was evaluated, so there is none to compare it with.",
        "Give --policy twice, or: borderflow policy compare A B --input REPORT.json")));
    return () => {};
  }
  const other = others.find((candidate) => candidate.pack === context.url.get("with")) ?? others[0]!;
  const rows = [stackRow("a", pack.pack, pack, unit, true), stackRow("b", other.pack, other, unit)];
  const ending = figure(container, context, {
    id: "compare",
    title,
    fileTitle: `Shares of verdicts of ${pack.pack} and ${other.pack}, of ${unit}`,
    says: "The same traffic under two packs, side by side.",
    above: h("div", { class: "controls" }, select(context, "with", "Compare with",
      others.map((candidate) => ({ value: candidate.pack, label: candidate.pack })), other.pack)),
    draw: (width) => stackPicture("compare-picture", `Shares of verdicts of ${pack.pack} and ${other.pack}`, rows, width),
    figures: { caption: `Shares of verdicts of ${pack.pack} and of ${other.pack}`, columns: stackColumns(rows), rows },
  });
  const section = container.lastElementChild!;
  const comparison = comparisonOf(comparisons, pack.pack, other.pack);
  const add = (...children: Child[]): void => section.append(...children.filter((child): child is HTMLElement => child instanceof Node));
  if (!comparison) {
    add(shiftTable("compare-shift", `Shares under ${pack.pack} and ${other.pack}`, pack, other, [pack.pack, other.pack], unit),
      h("p", { class: "note", id: "compare-missing" }, `At least ${percent(leastMoved(pack, other, unit))} of all ${unit} get another verdict. Which of them is not in this document: ${reason ? `${reason}.` : ""} `,
        reason ? null : h("code", null, `borderflow policy compare ${pack.pack} ${other.pack} --input REPORT.json`)));
    return ending;
  }
  add(h("p", { class: "note", id: "compare-same" }, `They give ${amount(comparison.same[unit], unit)} the same verdict and disagree on ${
    percent(1 - (share(comparison.same[unit], comparison.total[unit]) ?? 1))} of all ${unit}.`),
  verdictMatrix("compare-matrix", `${pack.pack} by ${other.pack}`, comparison.matrix, unit, [pack.pack, other.pack]),
  ...differences(comparison));
  return ending;
}
