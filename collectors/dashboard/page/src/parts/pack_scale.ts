// Both sides of the scale: what a pack would keep back of what may do harm, and what it would cost.
// Side by side, never netted: no number here is a sum of both.
import { nothing, table, type Column } from "../components.ts";
import { h, type Child } from "../dom.ts";
import { bytes, grouped, percent } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import type { Cost, Cut, Lost, Measure, Pack } from "../rows/pack.ts";
import { verdictCell } from "./rules.ts";

// A measure's value in its unit; with its bounds where they say more.
export function measured(of: Pick<Measure, "value" | "low" | "high" | "not_measurable" | "unit">): string {
  if (of.not_measurable !== undefined || of.value === undefined) return "not measurable";
  const write = (value: number): string => {
    if (of.unit === "share") return percent(value);
    if (of.unit === "bytes") return bytes(value);
    if (of.unit === "bit/s") return `${bytes(value / 8).replace(/B$/, "B/s")}`;
    if (of.unit?.startsWith("-1")) return `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(2)}`;
    return value.toFixed(2);
  };
  const text = write(of.value);
  if (of.low === undefined || of.high === undefined) return text;
  const [low, high] = [write(of.low), write(of.high)];
  return low === text && high === text ? text : `${text} (${low} to ${high})`;
}

const COLUMNS: Column<Measure>[] = [
  { title: "What is asked", cell: (row) => h("span", { title: row.measure }, row.asks ?? row.measure.replaceAll("_", " "),
    row.weight ? ` (${row.weight})` : "", row.not_measurable ? `: ${row.not_measurable}` : "") },
  { title: "Value (bounds)", numeric: true, cell: measured },
];

function lostText(lost: Lost | undefined): string {
  return lost ? `${grouped(lost.gone)} of ${grouped(lost.seen)}` : "not known";
}

function whole(cut: Cut): HTMLElement {
  const row = (title: string, value: string | null): Child[] => value === null ? [] : [h("dt", null, title), h("dd", null, value)];
  return h("dl", { class: "facts" },
    ...row("Traffic that the rules touch", cut.cut ? `${bytes(cut.cut.bytes)}, ${grouped(cut.cut.flows)} flows` : null),
    ...row("Lost with both directions", cut.lost ? `${bytes(cut.lost.bytes)}, ${grouped(cut.lost.flows)} flows` : null),
    ...row("Services that would vanish", cut.services ? lostText(cut.services) : null),
    ...row("Organisations that would vanish", cut.counterparties ? lostText(cut.counterparties) : null),
    ...row("Jurisdictions that would vanish", cut.jurisdictions ? lostText(cut.jurisdictions) : null),
    ...row("Pairs that call each other both ways", cut.two_way_pairs ? lostText(cut.two_way_pairs) : null),
    ...row("To be served at home instead", cut.home_bytes === undefined ? null : bytes(cut.home_bytes)));
}

function tables(cost: Cost): Child[] {
  const rules = (cost.rules ?? []).filter((rule) => (rule.lost?.bytes ?? 0) > 0);
  const incidence = cost.incidence ?? [];
  const profiles = cost.profiles ?? [];
  return [
    rules.length === 0 ? null : table("cost-rules", "What each rule would cost, if what it matches were cut", [
      { title: "Rule", cell: (row) => row.rule },
      { title: "Verdict", cell: (row) => verdictCell(row.verdict) },
      { title: "Lost", numeric: true, cell: (row) => bytes(row.lost?.bytes ?? 0) },
      { title: "Services gone", numeric: true, cell: (row) => lostText(row.services) },
      { title: "Organisations gone", numeric: true, cell: (row) => lostText(row.counterparties) },
      { title: "Jurisdictions gone", numeric: true, cell: (row) => lostText(row.jurisdictions) },
    ], rules),
    incidence.length === 0 ? null : table("cost-incidence", "Who would lose", [
      { title: "Organisation", cell: (row) => row.organisation },
      { title: "Home", cell: (row) => nameOf(row.home) },
      { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes) },
      { title: "of them readable", numeric: true, cell: (row) => bytes(row.cleartext_bytes) },
      { title: "of them control", numeric: true, cell: (row) => bytes(row.control_bytes) },
    ], incidence),
    profiles.length === 0 ? null : table("cost-profiles", "Five stances on the same cut: above 0 for it, below against; there is no average of them", [
      { title: "Stance", cell: (row) => row.profile },
      { title: "Balance", numeric: true, cell: (row) => measured({ unit: "-1..1", ...row.balance }) },
    ], profiles),
  ];
}

export function scale(pack: Pack): HTMLElement {
  const cost = pack.cost;
  const section = h("section", { class: "section", id: "scale", "aria-labelledby": "scale-title" },
    h("h2", { id: "scale-title" }, "Both sides of the scale"),
    h("p", { class: "note" }, "If everything that the pack restricts were cut: what would be kept back of what may do harm, and what it would cost. The two sides stand beside each other and are never added up."));
  if (!cost || ((cost.exposure ?? []).length === 0 && (cost.cost ?? []).length === 0)) {
    section.append(nothing(cost?.reason ?? "Exposure and cost are not in this document.",
      `borderflow policy measures --policy ${pack.pack} --input REPORT.json states both.`));
    return section;
  }
  section.append(h("div", { class: "sides" },
    h("div", null, h("h3", null, "Exposure that it would spare"), table("scale-exposure", "Exposure spared", COLUMNS, cost.exposure ?? [])),
    h("div", null, h("h3", null, "Cost"), table("scale-cost", "Cost of the cut", COLUMNS, cost.cost ?? []))));
  if (cost.whole) section.append(whole(cost.whole));
  for (const child of tables(cost)) if (child instanceof Node) section.append(child);
  if (pack.measures.length > 0) {
    section.append(h("h3", null, "The pack as a whole"), table("scale-pack", "Measures of the pack", COLUMNS, pack.measures));
  }
  return section;
}
