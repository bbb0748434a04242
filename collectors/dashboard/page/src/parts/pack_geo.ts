// The same flows looked up in a second database (--with-geo): how much hangs on which one is asked.
import { nothing, table } from "../components.ts";
import { h } from "../dom.ts";
import { grouped, percent, share } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import { verdictMatrix } from "./pack_otherwise.ts";
import { verdictCell } from "./rules.ts";
import type { GeoChoice, Pack } from "../rows/pack.ts";
import { amount, type Unit } from "../rows/units.ts";
import { VERDICTS } from "../rows/verdicts.ts";

const MOST = 12;
const NOTHING_MOVED = { frames: 0, bytes: 0, flows: 0 };

function places(choice: GeoChoice, unit: Unit): HTMLElement | null {
  const rows = choice.places.slice(0, MOST);
  const of = choice.places_of ?? choice.places.length;
  return rows.length === 0 ? null : table("geo-places", `Which places differ${of > rows.length ? `: the ${rows.length} largest of ${grouped(of)}` : ""}`, [
    { title: "In the database in use", cell: (row) => nameOf(row.first) },
    { title: "In the other", cell: (row) => nameOf(row.second) },
    { title: unit[0]!.toUpperCase() + unit.slice(1), numeric: true, cell: (row) => amount(row[unit], unit) },
  ], rows);
}

export function anotherDatabase(pack: Pack, choice: GeoChoice | null, suppressed: boolean, unit: Unit): HTMLElement {
  const section = h("section", { class: "section", id: "geo", "aria-labelledby": "geo-title" },
    h("h2", { id: "geo-title" }, "By another database"));
  if (!choice) {
    section.append(suppressed
      ? nothing("A sensor publishes the places of one database only.")
      : nothing("Every flow was looked up in one database only, so nothing here says how much hangs on the choice.",
        "Give a second with --with-geo MMDB to replay or live."));
    return section;
  }
  const names = (choice.geo ?? []).map((file) => [file.path, file.type].filter(Boolean).join(", ")).filter(Boolean);
  const own = choice.policies.find((policy) => policy.pack === pack.pack);
  section.append(h("p", { class: "note", id: "geo-moved" }, `Counted is by the database in use; then every flow was looked up in ${
    names.length > 0 ? names.join(" and ") : "another one"}. ${amount(choice.moved[unit], unit)}, ${
    percent(share(choice.moved[unit], choice.total[unit]))} of all ${unit}, would be at another place, and ${
    amount(choice.crossing_changed[unit], unit)}, ${percent(share(choice.crossing_changed[unit], choice.total[unit]))}, would cross a border or not, otherwise than counted.`));
  const add = (child: HTMLElement | null): void => { if (child) section.append(child); };
  if (own) {
    const { comparison, moved } = own;
    section.append(h("p", { class: "note", id: "geo-verdicts" }, `${amount(comparison.total[unit] - comparison.same[unit], unit)}, ${
      percent(share(comparison.total[unit] - comparison.same[unit], comparison.total[unit]))} of all ${unit}, would get another verdict of ${pack.pack}.`));
    add(table("geo-shares", `Of each verdict of ${pack.pack}, what the other database judges otherwise`, [
      { title: "Verdict", cell: (row) => verdictCell(row.verdict) },
      { title: "By the database in use", numeric: true, cell: (row) => amount(row.in_use[unit], unit) },
      { title: "Otherwise by the other", numeric: true, cell: (row) => amount(row.otherwise[unit], unit) },
      { title: "Share moved", numeric: true, cell: (row) => percent(share(row.otherwise[unit], row.in_use[unit])) },
    ], VERDICTS.filter((verdict) => moved[verdict]).map((verdict) => ({ verdict, in_use: moved[verdict]?.in_use ?? NOTHING_MOVED,
      otherwise: moved[verdict]?.otherwise ?? NOTHING_MOVED }))));
    add(verdictMatrix("geo-matrix", "Verdicts by the one database and by the other", comparison.matrix, unit, ["in use", "other"]));
  } else {
    section.append(nothing(`What ${pack.pack} would say by the other database is not in this document.`));
  }
  add(places(choice, unit));
  return section;
}
