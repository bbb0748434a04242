// Why a pack cannot tell: undetermined traffic by what is missing, and what it may turn out to be.
import { table } from "../components.ts";
import { h } from "../dom.ts";
import { percent, share } from "../format.ts";
import { verdictCell } from "./rules.ts";
import type { Pack, Undetermined } from "../rows/pack.ts";
import { amount, type Unit } from "../rows/units.ts";
import { judgedTotal } from "../rows/verdicts.ts";

const MISSING: Readonly<Record<string, string>> = {
  place: "where an end is",
  kind: "what kind of data it is",
  other: "something else that a rule asks for",
};

export function undetermined(pack: Pack, unit: Unit): HTMLElement | null {
  if (pack.undetermined.length === 0) return null;
  const total = judgedTotal(pack, unit);
  const missing = (row: Undetermined): string => row.missing.map((word) => MISSING[word] ?? word).join(", and ");
  return h("section", { class: "section", id: "undetermined", "aria-labelledby": "undetermined-title" },
    h("h2", { id: "undetermined-title" }, "Why undetermined"),
    h("p", { class: "note" }, "What a rule would have to know and traffic did not show, and between which verdicts it would then lie."),
    table<Undetermined>("undetermined-table", `What ${pack.pack} cannot tell, and why`, [
      { title: "Not known", cell: missing },
      { title: "Loosest", cell: (row) => verdictCell(row.loosest) },
      { title: "Strictest", cell: (row) => verdictCell(row.strictest) },
      { title: unit[0]!.toUpperCase() + unit.slice(1), numeric: true, cell: (row) => amount(row[unit], unit) },
      { title: "Share", numeric: true, cell: (row) => percent(share(row[unit], total)) },
    ], pack.undetermined));
}
