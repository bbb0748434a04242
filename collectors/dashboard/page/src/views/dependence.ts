// On whom what was seen depends: organisations by category, concentration and what could stand in,
// government systems by operator, and who gives more to whom.
import { choice, nothing, section, select, table } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h } from "../dom.ts";
import { bytes, grouped, percent, share } from "../format.ts";
import { isJurisdiction, nameOf } from "../jurisdictions.ts";
import { balancePicture, barPicture, type BarRow } from "../charts/bars.ts";
import { categoryWord, meaning } from "../parts/categories.ts";
import { picked } from "../parts/controls.ts";
import { figure, type FileColumn } from "../parts/figure.ts";
import { measured } from "../parts/pack_scale.ts";
import {
  balances, concentrationRows, concentrationWord, governmentShares, holding, readDependence,
  type Balance, type Concentration, type DependenceModel, type FourQuestions, type GovernmentRow, type Holder,
} from "../rows/dependence.ts";
import { whyNothing } from "./overview.ts";
import "./dependence.css";
import "./policy.css";

const SHOWN = 15;
const PAIRS = 15;
const HOLDERS = [{ value: "organisation", label: "Organisations" }, { value: "operator", label: "Operator jurisdictions" }];
const GIVES = [{ value: "bytes", label: "Bytes" }, { value: "flows", label: "Flows begun" }];

function withHome(label: string, home: string | null | undefined): string {
  return home && home !== "unknown" ? `${label} (${home})` : label;
}

function organisations(container: HTMLElement, context: Context, data: DependenceModel): () => void {
  const { model } = context;
  const known = new Set([...data.organisations, ...data.unattributed].map((row) => row.category));
  const categories = [{ value: "", label: "all" }, ...model.categories.filter((row) => known.has(row.category))
    .map((row) => ({ value: row.category, label: `${row.category}: ${row.label}` }))];
  const category = picked(context.url, "category", categories);
  const of = holding(data.organisations, data.unattributed, category || null);
  const shown = of.holders.slice(0, SHOWN);
  const rest = of.holders.slice(SHOWN);
  const restBytes = rest.reduce((sum, holder) => sum + holder.bytes, 0) + (category === "" ? data.organisationsOther : 0);
  const total = of.total + (category === "" ? data.organisationsOther : 0);
  const text = (value: number): string => `${bytes(value)}, ${percent(share(value, total))}`;
  const rows: BarRow[] = [
    ...shown.map((holder) => ({ label: withHome(holder.label, holder.home), value: holder.bytes, text: text(holder.bytes), tone: "ramp-4" })),
    ...(restBytes > 0 ? [{ label: rest.length > 0 ? `${grouped(rest.length)} others` : "others", value: restBytes, text: text(restBytes), tone: "ramp-1" }] : []),
    ...(of.unknown > 0 ? [{ label: "organisation not known", value: of.unknown, text: text(of.unknown), tone: null }] : []),
  ];
  const columns: FileColumn<Holder>[] = [
    { title: "Organisation", cell: (row) => row.label, value: (row) => row.label },
    { title: "Home", cell: (row) => (row.home ? nameOf(row.home) : "not known"), value: (row) => row.home },
    { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes), value: (row) => row.bytes },
    { title: "Share", numeric: true, cell: (row) => percent(share(row.bytes, total)), value: (row) => share(row.bytes, total) },
  ];
  return figure(container, context, {
    id: "organisations",
    title: category === "" ? "Organisations that answer" : `Organisations that answer, ${category}`,
    says: `Whose networks the responders stand in, by bytes of both directions. ${bytes(total)} in all${
      category !== "" && data.organisationsOther > 0 ? `; organisations too small to be listed hold ${bytes(data.organisationsOther)} more over all categories` : ""}.`,
    above: h("div", { class: "controls" }, select(context, "category", "Category", categories, category)),
    draw: (width) => barPicture("organisations", "Organisations by bytes", rows, Math.max(...rows.map((row) => row.value), 0), width),
    figures: { caption: "Every organisation listed", columns, rows: of.holders },
  });
}

function largestName(row: Concentration): string {
  const name = typeof row.largest === "string" ? (row.of === "operator" ? nameOf(row.largest) : row.largest) : "";
  const portion = row.largest_share ?? (typeof row.largest === "number" ? row.largest : null);
  return portion === null ? name || "not known" : `${name ? `${name}, ` : ""}${percent(portion)}`;
}

function hhi(row: Concentration): string {
  if (row.hhi === null) return row.reason ?? "not measurable";
  const [low, high] = [row.low ?? row.hhi, row.high ?? row.hhi];
  return high - low < 0.0005 ? row.hhi.toFixed(3) : `${row.hhi.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function concentration(container: HTMLElement, context: Context, data: DependenceModel): () => void {
  const available = HOLDERS.filter(({ value }) => data.concentration.some((row) => (row.of ?? "organisation") === value));
  const by = picked(context.url, "of", available.length > 0 ? available : HOLDERS);
  const rows = concentrationRows(data.concentration, by);
  const title = (row: Concentration): string => row.category ?? "All categories";
  const columns: FileColumn<Concentration>[] = [
    { title: "Category", cell: (row) => h("span", { title: row.label ?? null }, title(row)), value: title },
    { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes), value: (row) => row.bytes },
    { title: "HHI (bounds)", numeric: true, cell: hhi, value: (row) => row.hhi },
    { title: "", cell: (row) => h("span", { class: "word" }, row.hhi === null ? "" : concentrationWord(row.hhi)), value: (row) => row.hhi === null ? null : concentrationWord(row.hhi) },
    { title: "Effective number", numeric: true, cell: (row) => (row.effective === null ? "not known" : row.effective.toFixed(1)), value: (row) => row.effective },
    { title: "Seen", numeric: true, cell: (row) => (row.organisations === undefined ? "not known" : grouped(row.organisations)), value: (row) => row.organisations },
    { title: "Largest", cell: largestName, value: largestName },
    { title: "Could stand in", numeric: true, cell: (row) => (row.substitutes === undefined ? "not known" : grouped(row.substitutes)), value: (row) => row.substitutes },
  ];
  const bars: BarRow[] = rows.filter((row) => row.hhi !== null).map((row) => ({
    label: row.category === null ? title(row) : `${row.category}: ${meaning(context, row.category)}`, value: row.hhi!, low: row.low ?? null, high: row.high ?? null,
    text: row.effective === null ? row.hhi!.toFixed(3) : `${row.hhi!.toFixed(3)}, as if ${row.effective.toFixed(1)} held alike`, tone: row.category === null ? "ramp-5" : "ramp-3",
  }));
  return figure(container, context, {
    id: "concentration",
    title: "Concentration, by category",
    says: "The Herfindahl-Hirschman index is the sum of squared shares: near 0 when many hold a little, 1 when one holds all. Its inverse says how many equal holders would be as concentrated. The words spread, moderate and high are those of the US Merger Guidelines of 2023 (0.10, 0.18), which speak of markets, not of traffic. Could stand in: others seen with at least 1 % of the category.",
    above: h("div", { class: "controls" }, choice(context, "of", "Held by", available, by)),
    draw: (width) => barPicture("concentration", "Concentration by category", bars, 1, width),
    figures: { caption: "Concentration and what could stand in", columns, rows },
  });
}

function organisationNames(row: GovernmentRow): string {
  const names = row.organisations ?? [];
  const more = (row.organisations_of ?? names.length) - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function government(container: HTMLElement, context: Context, data: DependenceModel): (() => void) | null {
  if (data.government.length === 0) {
    container.append(section("Government systems, by operator's jurisdiction", null,
      nothing("No traffic of category GOV was seen.")));
    return null;
  }
  const sum = governmentShares(data.government, data.home);
  const rows = [...data.government].sort((a, b) => b.bytes - a.bytes);
  const tone = (operator: string): string | null => !isJurisdiction(operator) ? null : operator === data.home ? "at-home" : data.home === null ? "ramp-4" : "elsewhere";
  const home = data.home === null ? "No home jurisdiction was declared (--home), so nothing here says what stands at home."
    : `${percent(share(sum.home, sum.total))} is run by operators of ${nameOf(data.home)}, ${percent(share(sum.elsewhere, sum.total))} by operators of other jurisdictions; of ${percent(share(sum.unknown, sum.total))} the operator is not known.`;
  return figure(container, context, {
    id: "government",
    title: "Government systems, by operator's jurisdiction",
    says: `${bytes(sum.total)} of category GOV. ${home}`,
    draw: (width) => barPicture("government", "Government systems by operator", rows.slice(0, SHOWN).map((row) => ({
      label: nameOf(row.operator), value: row.bytes, text: `${bytes(row.bytes)}, ${percent(share(row.bytes, sum.total))}`, tone: tone(row.operator) })),
    Math.max(...rows.map((row) => row.bytes)), width, data.home === null ? [] : [
      { tone: "at-home", label: `operators of ${nameOf(data.home)}` }, { tone: "elsewhere", label: "operators of other jurisdictions" }]),
    figures: { caption: "Government systems by the jurisdiction of who runs the server's network", rows, columns: [
      { title: "Operator of", cell: (row) => nameOf(row.operator), value: (row) => row.operator },
      { title: "Bytes", numeric: true, cell: (row) => bytes(row.bytes), value: (row) => row.bytes },
      { title: "Share", numeric: true, cell: (row) => percent(share(row.bytes, sum.total)), value: (row) => share(row.bytes, sum.total) },
      { title: "Flows", numeric: true, cell: (row) => (row.flows === undefined ? "not known" : grouped(row.flows)), value: (row) => row.flows },
      { title: "Organisations", cell: organisationNames, value: organisationNames },
    ] },
  });
}

function signed(value: number): string {
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(2)}`;
}

function reciprocity(container: HTMLElement, context: Context, data: DependenceModel): (() => void) | null {
  const unit = picked(context.url, "gives", GIVES) as "bytes" | "flows";
  const rows = balances(data.reciprocity, unit);
  const switching = h("div", { class: "controls" }, choice(context, "gives", "By", GIVES, unit));
  if (rows.length === 0) {
    container.append(section("Who gives, who takes", null, switching, nothing("No pair of different jurisdictions was seen, or its flows are not in this document.")));
    return null;
  }
  const write = (value: number): string => (unit === "bytes" ? bytes(value) : grouped(value));
  const columns: FileColumn<Balance>[] = [
    { title: "One", cell: (row) => nameOf(row.a), value: (row) => row.a },
    { title: "The other", cell: (row) => nameOf(row.b), value: (row) => row.b },
    { title: "One to the other", numeric: true, cell: (row) => write(row.ab), value: (row) => row.ab },
    { title: "The other to one", numeric: true, cell: (row) => write(row.ba), value: (row) => row.ba },
    { title: "Balance", numeric: true, cell: (row) => signed(row.balance), value: (row) => row.balance },
    { title: "Reciprocity", numeric: true, cell: (row) => percent(row.reciprocity), value: (row) => row.reciprocity },
  ];
  const other = data.reciprocityOther;
  return figure(container, context, {
    id: "reciprocity",
    title: "Who gives, who takes",
    says: `Pairs of jurisdictions by location. ${unit === "bytes" ? "Answers are larger than requests, so bytes flow towards whoever asks; choose flows to see who calls whom." : "A flow counts for the side that began it."} Balance runs from −1 to +1: above 0 the first gives more. Reciprocity is 100 % when both give alike.${
      other && other.pairs > 0 ? ` ${grouped(other.pairs)} smaller pairs with ${bytes(other.bytes)} are not listed.` : ""}`,
    above: switching,
    fileTitle: `Who gives, who takes, by ${unit === "bytes" ? "bytes" : "flows begun"}`,
    draw: (width) => balancePicture("Pairs of jurisdictions and what each gives", rows.slice(0, PAIRS).map((row) => ({
      left: nameOf(row.a), right: nameOf(row.b), toRight: row.ab, toLeft: row.ba, text: `${write(row.ab)} / ${write(row.ba)}` })), width),
    figures: { caption: "Every pair listed", columns, rows },
  });
}

function fourQuestions(context: Context, data: DependenceModel): HTMLElement {
  const answer = (key: "reach" | "access" | "dependence" | "opacity") => (row: FourQuestions): string => measured({ unit: "share", ...row[key] });
  return section("Four questions", "How many of the users here use it, how much of what matters is sent to it, how hard it would be to replace, and how much of its traffic we cannot tell apart. Value, then bounds. There is no score, and without declared levels nothing is called a concern; opacity is our limit, never a fault of theirs.",
    data.vectors.length === 0 ? nothing(data.vectorsReason ?? "The four questions are not in this document.",
      "borderflow policy measures --input REPORT.json answers them.")
      : table("questions", `${grouped(data.vectors.length)}${data.vectorsOf > data.vectors.length ? ` of ${grouped(data.vectorsOf)}` : ""} organisations and categories, by bytes`, [
        { title: "Organisation", cell: (row: FourQuestions) => withHome(row.organisation, row.home) },
        { title: "Category", cell: (row: FourQuestions) => categoryWord(context, row.category) },
        { title: "Reach", numeric: true, cell: answer("reach") },
        { title: "Access", numeric: true, cell: answer("access") },
        { title: "Dependence", numeric: true, cell: answer("dependence") },
        { title: "Opacity", numeric: true, cell: answer("opacity") },
      ], data.vectors));
}

function render(container: HTMLElement, context: Context): void | (() => void) {
  const { model } = context;
  if (model.total.frames === 0) {
    container.append(whyNothing(model));
    return;
  }
  const data = readDependence(model.dependence);
  const empty = data.organisations.length + data.concentration.length + data.reciprocity.length + data.government.length === 0;
  if (empty) {
    container.append(nothing(`Nothing can be said about dependence: ${
      data.reason ?? "no organisation could be told behind the traffic"}.`,
    "borderflow policy measures --input REPORT.json says what is measurable and why the rest is not."));
    return;
  }
  container.append(h("p", { class: "note" }, `All of this is of what passes this vantage, not of a country or a market.${data.reason ? ` ${data.reason}` : ""}`));
  const endings = [
    data.organisations.length + data.unattributed.length > 0 ? organisations(container, context, data) : null,
    data.concentration.length > 0 ? concentration(container, context, data) : null,
    government(container, context, data),
    reciprocity(container, context, data),
  ];
  container.append(fourQuestions(context, data));
  return () => endings.forEach((end) => end?.());
}

export const dependence: View = { id: "dependence", title: "Dependence", render };
