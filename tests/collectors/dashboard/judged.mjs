// A model with packs and dependence, computed by plain sums from the cells of another: what the
// fixture leaves to the views of policy and dependence.
import { add, counts, grouped, HOSTILE } from "./fixture.mjs";

export const VERDICTS = ["out_of_scope", "permitted", "conditional", "file_required", "review", "presumptively_prohibited", "breach_if_confirmed", "undetermined"];

const RULES = [
  { rule: "ally", verdict: "permitted", says: "Allies exchange data freely.", needs: [], country_only: true },
  { rule: "elsewhere", verdict: "conditional", says: "Personal data go elsewhere under safeguards.", needs: ["safeguards"] },
  { rule: "readable", verdict: "review", says: "What anyone could read deserves a look.", needs: [], unverified: true },
  { rule: "payments", verdict: "breach_if_confirmed", says: "Payment data stay.", needs: ["stored_abroad"] },
];
const FACTS = { safeguards: "safeguards bind the recipient", stored_abroad: "the data are stored abroad for more than a day" };
const ALLIES = new Set(["US", "FR", "GB", "IE", "NL", "CH", "SE"]);

// [rule, verdict] of a cell; `origin` false asks nothing of places.
function judge(cell, { fallback = "permitted", origin = true } = {}) {
  if (cell.src === cell.dst) return ["scope", "out_of_scope"];
  if (!/^[A-Z]{2}$/.test(cell.src) || !/^[A-Z]{2}$/.test(cell.dst) || cell.category === "UNK") return ["undetermined", "undetermined"];
  if (cell.category === "FIN" && (!origin || !ALLIES.has(cell.dst))) return ["payments", "breach_if_confirmed"];
  if (cell.protection === "cleartext") return ["readable", "review"];
  if (origin && ALLIES.has(cell.dst)) return ["ally", "permitted"];
  return cell.category === "HLT" || cell.category === "COM" ? ["elsewhere", "conditional"] : ["default", fallback];
}

function verdictsOf(cells, options) {
  const verdicts = Object.fromEntries(VERDICTS.map((v) => [v, counts()]));
  for (const cell of cells) add(verdicts[judge(cell, options)[1]], cell);
  return verdicts;
}

function boundsOf(verdicts) {
  return Object.fromEntries(VERDICTS.filter((v) => verdicts[v].frames > 0).map((v) => [v, {
    lower_bytes: verdicts[v].bytes, upper_bytes: v === "undetermined" ? verdicts[v].bytes : verdicts[v].bytes + verdicts.undetermined.bytes,
    expected_bytes: Math.round(0.9 * verdicts[v].bytes), L: 0.1, M: 0.7, U: 0.9 }]));
}

function matrixOf(cells, a, b) {
  const matrix = {};
  for (const cell of cells) add(((matrix[judge(cell, a)[1]] ??= {})[judge(cell, b)[1]] ??= counts()), cell);
  return matrix;
}

function moved(matrix) {
  const sum = counts();
  for (const [row, columns] of Object.entries(matrix)) for (const [column, value] of Object.entries(columns)) if (row !== column) add(sum, value);
  return sum;
}

function pack(cells, id, options, more = {}) {
  const verdicts = verdictsOf(cells, options);
  const decided = grouped(cells.map((c) => ({ ...c, rule: judge(c, options)[0] })), ["rule"]).rows;
  const of = (rule) => decided.find((row) => row.rule === rule) ?? counts();
  const variant = (change) => {
    const matrix = matrixOf(cells, options, { ...options, ...change });
    const judged = verdictsOf(cells, { ...options, ...change });
    return { verdicts: judged, bounds: boundsOf(judged), matrix, moved: moved(matrix), contribution: null, reason: null };
  };
  return {
    pack: id, version: "2", as_of: "2026-06-30", stale: false, title: `The pack ${id}`, indicative: true, default: options.fallback, burden: "restrictor",
    verdicts, bounds: boundsOf(verdicts),
    rules: [...RULES.map((rule) => ({ ...rule, ...counts(of(rule.rule).frames, of(rule.rule).bytes, of(rule.rule).flows), cite: `Article 5, ${id} act (2024-05-01)`,
      touched: counts(10, 1000, 2), possible: counts(5, 500, 1), purpose: "privacy", observability: "indirect", not_confirmed: rule.needs,
      kind: "restriction", country_only: rule.country_only ?? false, unverified: rule.unverified ?? false, note: null })),
    ...["default", "scope", "undetermined"].map((rule) => ({ rule, verdict: rule === "default" ? options.fallback : rule === "scope" ? "out_of_scope" : "undetermined",
      cite: rule, ...counts(of(rule).frames, of(rule).bytes, of(rule).flows) }))],
    purposes: {}, thresholds: [{ rule: "payments", unit: "persons", proxy: "weak", at_least: 100, period: "365d", measurable: false, reason: "the data cover a day", largest: [0, 0], sums: 0 }],
    undetermined: [{ loosest: "permitted", strictest: "review", missing: ["place", "kind"], ...counts(of("undetermined").frames, of("undetermined").bytes, of("undetermined").flows) }],
    ties: [], tiers: [{ tier: "ally", jurisdictions: ALLIES.size, ...counts(1, 2, 3) }], tier_choices: [{ choice: "any", title: "any one criterion is enough", tiers: [], verdicts }],
    treated_tier: "non_aligned", treatments: { open: verdicts, closed: verdictsOf(cells, { ...options, fallback: "presumptively_prohibited" }) }, treatment_bounds: {},
    variants: { flip_default: variant({ fallback: "presumptively_prohibited" }), ablate_origin: variant({ origin: false }) }, variants_reason: null,
    facts: FACTS, about: { authority: "an invented parliament", says: ["Data stay, mostly."], sees: ["Places."], cannot_see: ["Safeguards."], vantage: ["datacentre"],
      sources: [{ id: "act", title: "Invented Act", date: "2024-05-01", unverified: true, note: null }] },
    cost: { exposure: [{ measure: "spared_sensitive", asks: "how much of the sensitive data", unit: "share", weight: "bytes", value: 0.39, low: 0.18, high: 0.39 }],
      cost: [{ measure: "cost_bytes", asks: "how much traffic a rule touches", unit: "share", weight: "bytes", value: 0.112, low: 0.112, high: 0.112 },
        { measure: "home_capacity_peak", asks: "the busiest window", unit: "bit/s", weight: null, not_measurable: "a peak needs several windows" }],
      whole: { cut: counts(1, 2000, 3), lost: counts(2, 3000, 4), services: { seen: 20, touched: 5, gone: 2 } }, rules: [], incidence: [], profiles: [], reason: null },
    measures: [], ...more,
  };
}

function dependenceOf(cells, hostile) {
  const label = (as) => (hostile && as === 64600 ? HOSTILE : `Network ${as}`);
  const held = cells.map((c) => ({ ...c, entity: label(c.role === "initiator" ? c.dst_as : c.src_as), operator: c.role === "initiator" ? c.dst_operator : c.src_operator }));
  const total = (list) => list.reduce((sum, c) => sum + c.bytes, 0);
  const concentration = (rows, category) => {
    const holders = grouped(rows, ["entity"]).rows;
    const whole = total(rows);
    const hhi = holders.reduce((sum, h) => sum + (h.bytes / whole) ** 2, 0);
    return { of: "organisation", category, label: category ?? "all categories", bytes: whole, unknown_bytes: 0, organisations: holders.length, hhi, low: hhi, high: hhi,
      effective: 1 / hhi, largest: holders[0].entity, largest_share: holders[0].bytes / whole, substitutes: holders.length - 1, reason: null };
  };
  const categories = [...new Set(cells.map((c) => c.category))];
  const pairs = new Map();
  for (const c of cells.filter((x) => /^[A-Z]{2}$/.test(x.src) && /^[A-Z]{2}$/.test(x.dst) && x.src !== x.dst)) {
    const [a, b] = [c.src, c.dst].sort();
    const row = pairs.get(a + b) ?? { a, b, ab_bytes: 0, ba_bytes: 0, ab_flows: 0, ba_flows: 0 };
    row[c.src === a ? "ab_bytes" : "ba_bytes"] += c.bytes;
    row[c.src === a ? "ab_flows" : "ba_flows"] += c.flows;
    pairs.set(a + b, row);
  }
  const government = grouped(held.filter((c) => c.category === "GOV"), ["operator"]).rows;
  return {
    organisations: grouped(held, ["entity", "category"]).rows.map((r) => ({ entity: r.entity, label: r.entity, home: "US", category: r.category, bytes: r.bytes, share: 0 })),
    organisations_other_bytes: 0, unattributed: [], concentration: [concentration(held, null), ...categories.map((k) => concentration(held.filter((c) => c.category === k), k))],
    reciprocity: [...pairs.values()].map((r) => ({ ...r, balance: (r.ab_bytes - r.ba_bytes) / (r.ab_bytes + r.ba_bytes) }))
      .sort((x, y) => y.ab_bytes + y.ba_bytes - x.ab_bytes - x.ba_bytes).slice(0, 100),
    other: { pairs: 0, bytes: 0 }, government, government_total: government.reduce(add, counts()), home: "DE", vectors: [], vectors_of: 0,
    vectors_reason: "no answers without clients", reason: null,
  };
}

// What another database would say of the same cells, by a pack: some of what is permitted is elsewhere.
function otherDatabase(cells, packs, total) {
  const elsewhere = cells.filter((_, i) => i % 5 === 0);
  const moved = elsewhere.reduce(add, counts());
  return { geo: [{ path: "other.mmdb", type: "Country", basis: "registry", build_time: null }], total, moved, crossing_changed: counts(1, 700, 1),
    places: [{ first: "DE", second: "FR", ...moved }], places_of: 31,
    policies: packs.map(({ pack }) => ({ pack, version: "2",
      moved: { permitted: { in_use: total, otherwise: moved, bytes_share: moved.bytes / total.bytes, flows_share: 0 } },
      comparison: { indicative: true, total, same: counts(total.frames - moved.frames, total.bytes - moved.bytes, total.flows - moved.flows),
        matrix: { permitted: { permitted: counts(total.frames - moved.frames, total.bytes - moved.bytes, total.flows - moved.flows), review: moved } }, by_pair: [], by_rule: [] } })) };
}

// `model` with two packs that judge its listed cells, their comparison, and dependence.
export function judged(model, { hostile = false } = {}) {
  const cells = model.cells.rows;
  const [a, b] = [{ fallback: "permitted" }, { fallback: "review", origin: false }];
  const matrix = matrixOf(cells, a, b);
  const total = cells.reduce(add, counts());
  const same = counts();
  for (const v of VERDICTS) if (matrix[v]?.[v]) add(same, matrix[v][v]);
  const policies = [pack(cells, "allies", a), pack(cells, "strict", b, { variants: {}, variants_reason: "the document was too large", cost: null,
      unfit_vantage: "no --vantage was declared", stale: true, ...(hostile && { title: HOSTILE }) })];
  return {
    ...model,
    policies,
    with_geo: otherDatabase(cells, policies, total),
    comparisons: [{ a: "allies", b: "strict", indicative: true, total, same, disagreement: 1 - same.bytes / total.bytes, matrix, by_pair: [], by_rule: [] }],
    dependence: dependenceOf(cells, hostile),
  };
}

// The same as a sensor releases it: fewer fields, verdicts without bounds and variants, one verdict
// and one lens's categories withheld.
export function released(model) {
  const reason = "a sensor publishes the pack as written only";
  const keep = ({ src, dst, role, category, evidence, protection, frames, bytes, flows, clients }) => ({ src, dst, role, category, evidence, protection, frames, bytes, flows, clients });
  const policies = model.policies.map((pack) => {
    const { bounds, treatments, tier_choices, cost, variants, ...rest } = pack;
    return { ...rest, bounds: {}, tier_choices: [], tiers: [], thresholds: [], ties: [], undetermined: [], variants: null, variants_reason: reason, cost: { reason },
      verdicts: { ...pack.verdicts, review: counts() }, verdicts_suppressed: pack.verdicts.review,
      rules: pack.rules.map(({ touched, possible, ...rule }) => (rule.rule === "readable" ? { ...rule, ...counts() } : rule)),
      rules_other: counts(), rules_suppressed: pack.rules.find((r) => r.rule === "readable") };
  });
  return { ...model, privacy: { suppressed: true, min_cell: 8 }, cells: { ...model.cells, rows: model.cells.rows.map(keep) }, policies,
    comparisons: [], comparisons_reason: reason, with_geo: null,
    dependence: { ...model.dependence, organisations: [], concentration: model.dependence.concentration.map((row) => ({ ...row, of: "operator" })), reason: "a sensor does not publish organisations" } };
}
