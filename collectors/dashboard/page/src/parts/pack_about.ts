// What a pack is, in its own words: who says it, what it says, what a mirror port can see of it.
import { h, type Child } from "../dom.ts";
import type { Pack } from "../rows/pack.ts";

const BURDEN: Readonly<Record<string, string>> = {
  restrictor: "whoever restricts has to justify it",
  transferor: "whoever transfers has to justify it",
};

// The few facts that stand over every figure of the pack.
export function packFacts(pack: Pack): HTMLElement {
  const row = (title: string, value: Child): Child[] => [h("dt", null, title), h("dd", null, value)];
  return h("dl", { class: "facts" },
    ...row("Pack", `${pack.pack}, version ${pack.version || "not stated"}, as of ${pack.as_of || "not stated"}${pack.stale ? " (stale)" : ""}`),
    ...(pack.about?.authority ? row("Authority", pack.about.authority) : []),
    ...row("Where no rule holds", pack.default.replaceAll("_", " ") || "not stated"),
    ...row("Burden of proof", BURDEN[pack.burden] ?? (pack.burden || "not stated")));
}

export function packWarnings(pack: Pack): HTMLElement[] {
  const warn = (...children: Child[]): HTMLElement => h("p", { class: "warned" }, ...children);
  return [
    pack.stale ? warn(`This pack was last checked on ${pack.as_of}, longer ago than it allows for: what it says may have changed.`) : null,
    pack.unfit_vantage ? warn(`All that is in scope is undetermined: ${pack.unfit_vantage}.`) : null,
    pack.missing_parameter ? warn(`The pack is a template whose parameter "${pack.missing_parameter}" was not given, so nothing is in scope: `,
      h("code", null, `--policy ${pack.pack}:${pack.missing_parameter}=...`)) : null,
  ].filter((node): node is HTMLElement => node !== null);
}

function sentences(title: string, list: readonly string[] | undefined): Child {
  if (!list || list.length === 0) return null;
  return h("div", null, h("h3", null, title), h("ul", null, ...list.map((sentence) => h("li", null, sentence))));
}

export function packAbout(pack: Pack): HTMLElement | null {
  const about = pack.about;
  if (!about) return null;
  const sources = (about.sources ?? []).map((source) =>
    `${source.title}${source.date ? ` (${source.date})` : ""}${source.note ? `; ${source.note}` : ""}${source.unverified ? "; unverified" : ""}`);
  return h("section", { class: "section", id: "about-pack", "aria-labelledby": "about-pack-title" },
    h("h2", { id: "about-pack-title" }, "What the pack is"),
    h("div", { class: "about-pack" }, sentences("It says", about.says), sentences("Traffic shows of it", about.sees),
      sentences("Traffic does not show", about.cannot_see),
      sentences("It is meant for sensors at", about.vantage?.map((place) => place.replaceAll("_", " "))), sentences("Sources", sources)));
}
