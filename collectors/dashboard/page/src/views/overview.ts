// What crosses a border and to where, how far the figures carry, and how to read them.
import { CROSSING_WORDS, asTable, bar, copyable, nothing, section, table, type Part } from "../components.ts";
import type { Context, View } from "../context.ts";
import { h, s } from "../dom.ts";
import { sum } from "../flows.ts";
import { age, bytes, grouped, percent, share } from "../format.ts";
import { isJurisdiction, nameOf } from "../jurisdictions.ts";
import { CROSSINGS, type Counts, type Model } from "../model.ts";
import { ranking } from "../ranking.ts";

// Rankings stop where a reader stops; the rest is one line.
const RANKED = 8;

const EVIDENCE: Record<string, string> = {
  content: "read from what is sent in the clear",
  protocol: "from the protocol spoken",
  name: "from a server's name",
  operator: "from who runs the network",
  port: "from the port number only",
  none: "not known",
};

function parts(model: Model): (Part & { counts: Counts; meaning: string })[] {
  const names = [...CROSSINGS, ...(model.crossing.suppressed ? ["suppressed" as const] : [])];
  return names.map((name) => {
    const counts = model.crossing[name] as Counts;
    return { ...CROSSING_WORDS[name], counts, value: counts.bytes, tone: `crossing-${name}` };
  });
}

function figures(model: Model): HTMLElement {
  return h("dl", { class: "figures" }, ...parts(model).map((part) => h("div", { class: "figure" },
    h("dt", null, s("svg", { class: "swatch", viewBox: "0 0 12 12", "aria-hidden": "true" },
      s("rect", { class: part.tone, width: 12, height: 12, rx: 2 })), part.label),
    h("dd", { class: "big" }, percent(share(part.value, model.total.bytes))),
    h("dd", { class: "detail" }, `${bytes(part.value)}, ${grouped(part.counts.flows)} flows`),
    h("dd", { class: "detail" }, part.meaning))));
}

// Coverage stands beside the crossing figures: they are shares of everything, and carry as far as
// the ends are located.
function coverage(model: Model): HTMLElement {
  const { located, named, classified, L, M, U } = model.coverage;
  const rows = [
    { label: "Located", value: located, text: "bytes with both ends in a jurisdiction, or at a known anycast service" },
    { label: "Named", value: named, text: "bytes of flows whose server's name was seen" },
    { label: "Classified", value: classified, text: "bytes whose kind of data is known" },
  ];
  // Of what a sensor withholds nobody can say whether it was known.
  const least = model.privacy.suppressed ? "at least " : "";
  return h("div", null,
    ...rows.map((row) => h("div", { class: "coverage" },
      h("div", { class: "row" }, h("span", null, row.label), h("span", null, row.value === null ? percent(null) : least + percent(row.value))),
      bar(row.label, [{ label: row.label, value: row.value ?? 0, tone: "ramp-4" }], 1),
      h("p", { class: "note" }, row.text))),
    h("p", { class: "note" }, `Kind of data by strength of evidence: ${least}${percent(L)} from content or protocol, ${
      percent(M)} with names, ${percent(U)} with ports and operators.`));
}

function across(context: Context): HTMLElement {
  const { model, url } = context;
  const lens = model.lenses.location;
  if (!lens) return section("Largest flows across borders", null, nothing("Locations were not measured here."));
  const crossing = lens.pairs.filter((p) => p.src !== p.dst && isJurisdiction(p.src) && isJurisdiction(p.dst));
  const rows = crossing.slice(0, RANKED).map((p) => ({ label: `${nameOf(p.src)} to ${nameOf(p.dst)}`, value: p.bytes }));
  const rest = crossing.slice(RANKED);
  return section("Largest flows across borders", "By location; shares of all bytes.",
    rows.length === 0 ? h("p", null, "No located pair of jurisdictions was seen.") : ranking(rows, model.total.bytes, "crossing-cross_border"),
    h("p", { class: "note" }, rest.length > 0
      ? `${grouped(rest.length)} further pairs: ${bytes(sum(rest).bytes)}. ` : null,
    h("a", { href: url.link("map") }, "On the map"), ", ", h("a", { href: url.link("matrix") }, "as a matrix")));
}

function kinds(model: Model): HTMLElement {
  const rows = [...model.categories].sort((a, b) => b.bytes - a.bytes);
  const rest = rows.slice(RANKED);
  const hidden = (model.categories_other?.bytes ?? 0) + (model.categories_suppressed?.bytes ?? 0);
  const evidence = Object.entries(model.coverage.by_evidence);
  return section("What kind of data", "A kind is a belief with evidence; shares of all bytes.",
    rows.length === 0 ? h("p", null, "No category was counted.")
      : ranking(rows.slice(0, RANKED).map((c) => ({ label: (c.label || c.category).replace(/\.$/, ""), value: c.bytes })), model.total.bytes, "category-2"),
    rest.length > 0 ? h("p", { class: "note" }, `${grouped(rest.length)} further kinds: ${bytes(sum(rest).bytes)}.`) : null,
    hidden > 0 ? h("p", { class: "note" }, `${bytes(hidden)} in cells with too few clients to publish, or too small to list.`) : null,
    evidence.length === 0 ? null : asTable("evidence", "Share of bytes by evidence",
      [{ title: "Evidence", cell: ([name]: [string, number]) => `${name}: ${EVIDENCE[name] ?? name}` },
        { title: "Share of bytes", numeric: true, cell: ([, value]: [string, number]) => percent(value) }], evidence));
}

// What of a remedy can be typed: a command, or a flag with its argument.
const COMMAND = /(borderflow [a-z]+(?: [a-z]+)?(?: --?[a-z-]+| [A-Z][A-Za-z.]*)*|--[a-z][a-z-]*(?: [A-Z][A-Za-z.]*| (?:inner|outer|database|special))?)/;

function remedy(text: string, id: string): HTMLElement {
  return h("p", { class: "note" }, "Remedy: ", ...text.split(COMMAND).map((part, i) =>
    i % 2 === 1 ? copyable(`${id}-${i}`, part) : part));
}

function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

function findings(model: Model): HTMLElement | null {
  if (model.findings.length === 0) return null;
  return section("What would mislead first", null, h("ol", { class: "findings" },
    ...model.findings.map((finding, i) => h("li", null, h("p", null, sentenceCase(finding.text)),
      finding.remedy ? remedy(finding.remedy, `copy-${i}`) : null))));
}

function trust(model: Model): HTMLElement {
  const { health, conservation } = model;
  const dropped = Object.entries(health.dropped).filter(([, frames]) => frames > 0);
  const total = dropped.reduce((sum, [, frames]) => sum + frames, 0);
  const databases = health.databases.length === 0 ? [h("dd", null, "none was used")]
    : health.databases.map((d) => h("dd", null, `${d.type} (${d.basis}), ${age(d.age_days)}`));
  const stale = health.packs.filter((pack) => pack.stale);
  const loss = model.source.kind !== "live" ? "a replay drops nothing; what the capture itself lost is not in it"
    : total === 0 ? "no frame was dropped"
      : `${grouped(total)} frames dropped: ${dropped.map(([why, n]) => `${why} ${grouped(n)}`).join(", ")}`;
  return section("How far to trust this", null, h("dl", { class: "facts" },
    h("dt", null, "Address databases"), ...databases,
    h("dt", null, "Losses"), h("dd", null, loss),
    h("dt", null, "Conservation"), h("dd", { class: conservation.ok ? "good" : "bad" }, conservation.ok
      ? "every frame is counted exactly once: all sums agree" : "sums do not agree: do not rely on these figures, and report it"),
    ...(stale.length === 0 ? [] : [h("dt", null, "Policies"),
      h("dd", null, `${stale.map((p) => p.pack).join(", ")}: older than the law may be; check what changed since`)])),
  table("conservation", "The sums that must agree", [
    { title: "Sum", cell: (l) => `${l.left} = ${l.right}` },
    { title: "Left, bytes", numeric: true, cell: (l) => l.left_value.bytes === undefined ? "" : grouped(l.left_value.bytes) },
    { title: "Right, bytes", numeric: true, cell: (l) => l.right_value.bytes === undefined ? "" : grouped(l.right_value.bytes) },
    { title: "Agrees", cell: (l) => l.ok ? "yes" : "no" },
  ], conservation.lines));
}

const READING: readonly [string, string][] = [
  ["Located", "A database believes that the address is in this jurisdiction. It is a belief with a source and an age, never a measurement of where a machine stands."],
  ["Registered", "The address block is registered in this jurisdiction. A company may register a block at home and use it abroad, so this often differs from the location."],
  ["Operator", "The organisation that runs the network has its home here, whose courts may reach it wherever its machines are. The three are never merged: the switch Jurisdiction by shows each by itself."],
  ["Anycast", "One address answers from many places at once, the nearest one usually. No database can say where this traffic went; it is counted as anycast, and its crossing as undetermined."],
  ["Unknown", "No database has the address, or it is private and no home was declared. Undetermined is a proper answer: it is shown, and never shared out among the others."],
  ["What is not visible", "Traffic that does not pass this sensor; what is inside encryption; where a server sends data on to; and what a network in between stores or copies."],
  ["A border is not an alarm", "Most services cross borders lawfully. The figures say what happens, and the policy view what a given rule would say about it, as an indication."],
];

function howToRead(): HTMLElement {
  return section("How to read this", null, h("dl", { class: "facts reading" },
    ...READING.flatMap(([word, text]) => [h("dt", null, word), h("dd", null, text)])));
}

// Why nothing is there, and what to do about it.
export function whyNothing(model: Model): HTMLElement {
  const first = model.findings[0];
  if (first) return nothing(`Nothing seen yet, because ${first.text}.`, first.remedy);
  return model.source.kind === "live"
    ? nothing("Nothing seen yet, because no IP frame has reached this sensor in a finished period.",
      "Look at Sensor health: frames that are dropped or not IP show there. borderflow doctor checks the port.")
    : nothing("Nothing seen, because the capture holds no IP frame.", "Check the capture: capinfos FILE, or another link.");
}

export const overview: View = {
  id: "overview",
  title: "Overview",
  render(container, context) {
    const { model } = context;
    if (model.total.frames === 0) {
      container.append(whyNothing(model), trust(model), howToRead());
      return;
    }
    const shown = parts(model);
    container.append(...[
      h("p", { class: "lead" }, model.sentence),
      h("div", { class: "beside" },
        h("div", null, figures(model), bar("Bytes by crossing", shown, model.total.bytes),
          h("p", { class: "note" }, `Shares of ${bytes(model.total.bytes)} in ${grouped(model.total.frames)} IP frames and ${grouped(model.total.flows)} flows.`)),
        h("aside", { "aria-label": "Coverage" }, h("h2", null, "How much is covered"), coverage(model))),
      findings(model),
      h("div", { class: "columns" }, across(context), kinds(model)),
      trust(model), howToRead(),
    ].filter((node): node is HTMLElement => node !== null));
  },
};
