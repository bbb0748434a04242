// What packs would say about the traffic: shares with bounds, both sides of the scale, and how much
// hangs on each choice. Indicative throughout.
import { choice, nothing, select, table } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h } from "../dom.ts";
import { bytes, grouped, percent } from "../format.ts";
import { intervalPicture, stackPicture } from "../charts/verdicts.ts";
import { controls, picked } from "../parts/controls.ts";
import { figure, type FileColumn } from "../parts/figure.ts";
import { packAbout, packFacts, packWarnings } from "../parts/pack_about.ts";
import { compared, otherwise, stackColumns, stackRow } from "../parts/pack_otherwise.ts";
import { anotherDatabase } from "../parts/pack_geo.ts";
import { scale } from "../parts/pack_scale.ts";
import { undetermined } from "../parts/pack_undetermined.ts";
import { rulesTable, verdictCell } from "../parts/rules.ts";
import { readComparisons, readGeoChoice, readPack, type Pack, type Threshold } from "../rows/pack.ts";
import { amount, UNITS, type Unit } from "../rows/units.ts";
import { VERDICT_MEANING, verdictShares, type VerdictShare } from "../rows/verdicts.ts";
import { whyNothing } from "./overview.ts";
import "./policy.css";

// What of a pack is shown below its shares.
const PARTS = [
  { value: "rules", label: "Verdicts and rules" },
  { value: "otherwise", label: "Judged otherwise" },
  { value: "compare", label: "Another pack" },
  { value: "geo", label: "Another database" },
  { value: "scale", label: "Exposure and cost" },
  { value: "about", label: "The pack itself" },
];

function range(row: VerdictShare): string {
  return row.lower === null || row.upper === null ? "not known" : `${percent(row.lower)} to ${percent(row.upper)}`;
}

function lmu(row: VerdictShare): string {
  if (row.L === null && row.M === null && row.U === null) return row.counts.bytes > 0 ? "not known" : "";
  return `${percent(row.L)} / ${percent(row.M)} / ${percent(row.U)}`;
}

function shareColumns(unit: Unit): FileColumn<VerdictShare>[] {
  return [
    { title: "Verdict", cell: (row) => h("span", { title: VERDICT_MEANING[row.verdict] }, verdictCell(row.verdict)), value: (row) => row.verdict },
    { title: "Bytes", numeric: true, cell: (row) => bytes(row.counts.bytes), value: (row) => row.counts.bytes },
    { title: "Flows", numeric: true, cell: (row) => grouped(row.counts.flows), value: (row) => row.counts.flows },
    { title: `Share of ${unit}`, numeric: true, cell: (row) => percent(row.share), value: (row) => row.share },
    { title: "Lower to upper, of bytes", numeric: true, cell: range, value: (row) => row.lower === null ? null : `${row.lower}..${row.upper}` },
    { title: "Expected", numeric: true, cell: (row) => percent(row.expected), value: (row) => row.expected },
    { title: "Own coverage L / M / U", numeric: true, cell: lmu, value: (row) => row.L === null ? null : `${row.L} ${row.M} ${row.U}` },
  ];
}

function overall(container: HTMLElement, context: Context, packs: readonly Pack[], pack: Pack, unit: Unit): () => void {
  const rows = packs.map((each) => stackRow(each.pack, each.pack, each, unit, each === pack));
  return figure(container, context, {
    id: "packs",
    title: "Shares of verdicts, by pack",
    says: `Of all ${unit}. What is out of scope is what the pack does not speak about.`,
    fileTitle: `Shares of verdicts, by pack, of ${unit}`,
    draw: (width) => stackPicture("packs-picture", "Shares of verdicts of every pack", rows, width),
    figures: { caption: "Shares of verdicts, by pack", columns: stackColumns(rows), rows },
  });
}

function rulesSection(context: Context, pack: Pack): HTMLElement {
  return h("section", { class: "section", id: "rules", "aria-labelledby": "rules-title" },
    h("h2", { id: "rules-title" }, "Rules"), rulesTable(context, pack));
}

function shares(container: HTMLElement, context: Context, pack: Pack, unit: Unit): () => void {
  const rows = verdictShares(pack, unit).filter((row) => row.share > 0 || (row.upper ?? 0) > 0);
  const bounded = unit === "bytes" && pack.bounds !== undefined;
  const withheld = pack.suppressed ? ` ${amount(pack.suppressed[unit], unit)} are withheld, because too few clients are behind them.` : "";
  return figure(container, context, {
    id: "shares",
    title: `Verdicts of ${pack.pack}, and how sure they are`,
    fileTitle: `Verdicts of ${pack.pack}, of ${unit}`,
    says: bounded
      ? "A bar is the share of all bytes. The thin line spans what it could be, since undetermined traffic may be of it; the tick is where the confidence of the categories puts it. Own coverage: of the verdict's own bytes, known by content or protocol (L), with names (M), with operators and ports (U)." + withheld
      : pack.bounds === undefined
        ? `How sure the shares are is not in this document${pack.variants_reason ? `: ${pack.variants_reason}` : ""}.${withheld}`
        : `Bounds are kept by bytes only: choose bytes to see them.${withheld}`,
    draw: (width) => intervalPicture(`Shares of verdicts of ${pack.pack} with bounds`,
      rows.map((row) => bounded ? row : { ...row, lower: null, upper: null, expected: null }), width),
    figures: { caption: `Verdicts of ${pack.pack} with bounds`, columns: shareColumns(unit), rows },
  });
}

function thresholds(pack: Pack): HTMLElement | null {
  if (pack.thresholds.length === 0) return null;
  const largest = (row: Threshold): string => {
    if (!row.measurable) return row.reason ?? "not measurable";
    const [low, high] = row.largest;
    return low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`;
  };
  return h("section", { class: "section", id: "thresholds" }, h("h2", null, "Thresholds"),
    table("thresholds-table", "What each threshold asks and what was seen; what is not measurable never counts as below", [
      { title: "Rule", cell: (row) => row.rule },
      { title: "At least", numeric: true, cell: (row) => `${grouped(row.at_least)} ${row.unit.replaceAll("_", " ")}` },
      { title: "Within", cell: (row) => row.period.replaceAll("_", " ") },
      { title: "Stands for persons", cell: (row) => (row.unit === "persons" ? row.proxy : "") },
      { title: "Largest sum seen", cell: largest },
    ], pack.thresholds));
}

function purposes(pack: Pack): HTMLElement | null {
  const rows = Object.entries(pack.purposes).map(([purpose, counts]) => ({ purpose, ...counts })).sort((a, b) => b.bytes - a.bytes);
  if (rows.length === 0) return null;
  return h("section", { class: "section", id: "purposes" }, h("h2", null, "Purposes"),
    table("purposes-table", "What the rules decided, by the one purpose that each declares", [
      { title: "Purpose", cell: (row) => row.purpose },
      { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes) },
      { title: "Flows", numeric: true, cell: (row) => grouped(row.flows) },
    ], rows));
}

function ties(pack: Pack): HTMLElement | null {
  if (pack.ties.length === 0) return null;
  return h("section", { class: "section", id: "ties" }, h("h2", null, "Rules that disagree"),
    table("ties-table", "Rules that hold together and of which none stands above the others: undetermined", [
      { title: "Rules", cell: (row) => row.rules.join(", ") },
      { title: "Loosest", cell: (row) => verdictCell(row.looser) },
      { title: "Strictest", cell: (row) => verdictCell(row.stricter) },
      { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes) },
    ], pack.ties));
}

function tiers(pack: Pack): HTMLElement | null {
  if (pack.tiers.length === 0) return null;
  return h("section", { class: "section", id: "tiers" }, h("h2", null, "Tiers"),
    table("tiers-table", "Jurisdictions by the pack's own criteria, and the traffic in scope that goes there", [
      { title: "Tier", cell: (row) => row.tier.replaceAll("_", "-") },
      { title: "Jurisdictions", numeric: true, cell: (row) => grouped(row.jurisdictions) },
      { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes) },
      { title: "Flows", numeric: true, cell: (row) => grouped(row.flows) },
    ], pack.tiers));
}

function render(container: HTMLElement, context: Context): void | (() => void) {
  const { model, url } = context;
  const packs = model.policies.map(readPack);
  const unit = picked(url, "unit", UNITS) as Unit;
  const part = picked(url, "part", PARTS);
  if (packs.length === 0 && model.total.frames === 0) {
    container.append(whyNothing(model));
    return;
  }
  if (packs.length === 0) {
    container.append(nothing("No pack was evaluated, so nothing here says what a policy would make of this traffic.",
      "Give one with --policy, for instance: borderflow replay --policy data-allies --policy eu-gdpr-v CAPTURE. borderflow policy list names them."));
    return;
  }
  const pack = packs.find((each) => each.pack === url.get("pack")) ?? packs[0]!;
  container.append(
    h("p", { class: "indicative" }, "Indicative: what each pack would say about what was seen. Never a finding of law. A need that is not confirmed is a question, not a breach, and undetermined means that nobody can tell from here."),
    controls("Pack and measure",
      select(context, "pack", "Pack", packs.map((each) => ({ value: each.pack, label: each.pack })), pack.pack),
      choice(context, "unit", "By", UNITS, unit)));
  const endings = [overall(container, context, packs, pack, unit)];
  container.append(
    h("section", { class: "section", id: "pack", "aria-labelledby": "pack-title" },
      h("h2", { id: "pack-title" }, pack.title), packFacts(pack), ...packWarnings(pack)),
    h("div", { class: "controls parts" }, choice(context, "part", "Show", PARTS, part)));
  if (part === "rules") {
    endings.push(shares(container, context, pack, unit));
    append(container, rulesSection(context, pack), undetermined(pack, unit), purposes(pack), thresholds(pack), tiers(pack), ties(pack));
  } else if (part === "otherwise") {
    endings.push(otherwise(container, context, pack, unit));
  } else if (part === "compare") {
    const more = model as unknown as { comparisons?: unknown; comparisons_reason?: unknown };
    const reason = typeof more.comparisons_reason === "string" ? more.comparisons_reason : null;
    endings.push(compared(container, context, pack, packs, readComparisons(more.comparisons), reason, unit));
  } else if (part === "geo") {
    container.append(anotherDatabase(pack, readGeoChoice((model as unknown as { with_geo?: unknown }).with_geo), model.privacy.suppressed, unit));
  } else if (part === "scale") {
    container.append(scale(pack));
  } else {
    append(container, packAbout(pack) ?? nothing("What the pack says of itself is not in this document.",
      `borderflow policy show ${pack.pack} prints it.`));
  }
  return () => endings.forEach((end) => end());
}

function append(container: HTMLElement, ...children: (HTMLElement | null)[]): void {
  container.append(...children.filter((child): child is HTMLElement => child !== null));
}

export const policy: View = { id: "policy", title: "Policy", render };
