import assert from "node:assert/strict";
import test from "node:test";

import { load, numbers } from "./load.mjs";

const { readPack, readComparisons } = await load("rows/pack.ts");
const { alternatives, comparisonOf, leastMoved, shifts, VERDICTS, VERDICT_LABEL, VERDICT_MEANING, verdictShares } = await load("rows/verdicts.ts");
const { balances, concentrationWord, governmentShares, holding, readDependence } = await load("rows/dependence.ts");

const counts = (bytes, flows = 1) => ({ bytes, flows, frames: bytes });
const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-12, `${a} and ${b}`);

function randomVerdicts(seed) {
  const next = numbers(seed);
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, counts(next(3) === 0 ? 0 : next(1e6), next(50))]));
}

test("shares add up to 1, and moves to 0", () => {
  for (let seed = 1; seed <= 200; ++seed) {
    const [a, b] = [{ verdicts: randomVerdicts(seed) }, { verdicts: randomVerdicts(seed + 1000) }];
    for (const unit of ["bytes", "flows"]) {
      const whole = verdictShares(a, unit).reduce((s, v) => s + v.share, 0);
      if (whole !== 0) close(whole, 1);
      close(shifts(a, b, unit).reduce((s, v) => s + v.shift, 0), 0);
      assert.ok(leastMoved(a, b, unit) <= 1 + 1e-12 && leastMoved(a, a, unit) === 0);
    }
  }
});

test("bounds are shares of all bytes; a verdict that none could have is 0 .. 0, an unbounded pack has none", () => {
  const verdicts = { permitted: counts(60), undetermined: counts(40) };
  const bounds = { permitted: { lower_bytes: 60, upper_bytes: 90, expected_bytes: 55, L: 0.1, M: 0.5, U: 1 } };
  const of = verdictShares({ verdicts, bounds }, "bytes");
  const by = (verdict) => of.find((row) => row.verdict === verdict);
  assert.deepEqual([by("permitted").lower, by("permitted").upper, by("permitted").expected], [0.6, 0.9, 0.55]);
  assert.deepEqual([by("review").lower, by("review").upper], [0, 0]);
  assert.equal(verdictShares({ verdicts }, "bytes")[1].lower, null);
});

test("a pack that holds nothing but its name is read, and says what is missing", () => {
  const pack = readPack({ pack: "x" });
  assert.equal(pack.rules.length, 0);
  assert.deepEqual(alternatives(pack).map((a) => [a.id, a.judged, typeof a.missing]), [["flip_default", null, "string"], ["ablate_origin", null, "string"]]);
  assert.deepEqual(readComparisons("nonsense"), []);
  assert.equal(readPack({}).pack, "(unnamed)");
  assert.deepEqual(readPack({ pack: 3, rules: "x", verdicts: [] }).verdicts, {});
});

test("alternatives are those that the model holds, with the reason for those that it does not", () => {
  const pack = readPack({ pack: "x", verdicts: {}, treatments: { open: {}, closed: {} }, tier_choices: [{ choice: "any", title: "t", verdicts: {} }],
    variants: { flip_default: { verdicts: {} }, ablate_origin: null }, variants_reason: "too large" });
  assert.deepEqual(alternatives(pack).map((a) => [a.id, a.missing]),
    [["flip_default", null], ["ablate_origin", "too large"], ["treatment.open", null], ["treatment.closed", null], ["tiers.any", null]]);
});

test("a comparison asked for the other way round is the transposed one", () => {
  const one = { a: "p", b: "q", total: counts(9), same: counts(3), disagreement: 0.5, matrix: { permitted: { review: counts(6), permitted: counts(3) } },
    by_pair: [{ src: "DE", dst: "US", a: "permitted", b: "review", ...counts(6) }], by_rule: [{ rule_a: "r", rule_b: "s", a: "permitted", b: "review", ...counts(6) }] };
  const other = comparisonOf([one], "q", "p");
  assert.deepEqual([other.a, other.b], ["q", "p"]);
  assert.deepEqual(other.matrix, { review: { permitted: counts(6) }, permitted: { permitted: counts(3) } });
  assert.deepEqual([other.by_rule[0].rule_a, other.by_rule[0].a, other.by_pair[0].b], ["s", "review", "permitted"]);
  assert.equal(comparisonOf([one], "p", "q"), one);
  assert.equal(comparisonOf([one], "p", "z"), null);
});

test("every verdict has words, none of which calls an open need a breach", () => {
  for (const verdict of VERDICTS) assert.ok(VERDICT_LABEL[verdict] && VERDICT_MEANING[verdict]);
  assert.match(VERDICT_LABEL.breach_if_confirmed, /if confirmed/);
  assert.match(VERDICT_MEANING.conditional, /not a breach/);
});

test("holders and what is not known add up to the category", () => {
  const rows = [["A", "HLT", 50], ["B", "HLT", 30], ["A", "FIN", 20], ["C", "HLT", 5]].map(([entity, category, bytes]) => ({ entity, label: entity, category, bytes }));
  const unknown = [{ category: "HLT", bytes: 15 }, { category: "INF", bytes: 1 }];
  for (const [category, whole] of [["HLT", 100], [null, 121], ["NONE", 0]]) {
    const of = holding(rows, unknown, category);
    assert.equal(of.total, whole);
    assert.equal(of.holders.reduce((s, h) => s + h.bytes, 0) + of.unknown, whole);
  }
  assert.equal(holding(rows, unknown, null).holders[0].bytes, 70);
});

test("balance and reciprocity are those of the formula, by bytes and by flows", () => {
  const [row] = balances([{ a: "DE", b: "US", ab_bytes: 30, ba_bytes: 10, balance: 0.5, ab_flows: 0, ba_flows: 4 }], "bytes");
  assert.deepEqual([row.balance, row.reciprocity], [0.5, 0.5]);
  assert.equal(balances([{ a: "DE", b: "US", ab_bytes: 30, ba_bytes: 10, ab_flows: 0, ba_flows: 4 }], "flows")[0].balance, -1);
  assert.deepEqual(balances([{ a: "DE", b: "US", ab_bytes: 0, ba_bytes: 0 }], "bytes"), []);
});

test("concentration words follow the guideline's bounds", () => {
  assert.deepEqual([0.05, 0.1, 0.18, 0.181, 1].map(concentrationWord), ["spread", "moderate", "moderate", "high", "high"]);
});

test("government systems divide into home, elsewhere and not known, and lose nothing", () => {
  const rows = [{ operator: "DE", bytes: 5 }, { operator: "US", bytes: 7 }, { operator: "unknown", bytes: 11 }];
  assert.deepEqual(governmentShares(rows, "DE"), { total: 23, home: 5, elsewhere: 7, unknown: 11 });
  assert.deepEqual(governmentShares(rows, null), { total: 23, home: 0, elsewhere: 12, unknown: 11 });
});

test("a model without dependence is read as an empty one", () => {
  const of = readDependence({ reason: "none" });
  assert.deepEqual([of.organisations, of.vectors, of.home, of.reason], [[], [], null, "none"]);
});
