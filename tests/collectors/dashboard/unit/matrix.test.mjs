import assert from "node:assert/strict";
import test from "node:test";

import { load, numbers } from "./load.mjs";

const { grid, OTHER, pairsOfCategory, streamsBehind } = await load("rows/matrix.ts");
const { ramp, step, legend } = await load("rows/ramp.ts");

const CODES = ["DE", "US", "FR", "unknown", "IN", "SG", "private", "BR", "<b>", "ZA"];

function randomPairs(seed) {
  const next = numbers(seed);
  const pairs = new Map();
  for (let i = next(60); i > 0; --i) {
    const [src, dst] = [CODES[next(CODES.length)], CODES[next(CODES.length)]];
    pairs.set(`${src}>${dst}`, { src, dst, bytes: next(5) === 0 ? 0 : next(1e9), flows: next(50), frames: next(1000) });
  }
  return [...pairs.values()];
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

test("rows, columns and the whole add up to the pairs, whatever is folded", () => {
  for (let seed = 1; seed <= 300; ++seed) {
    const pairs = randomPairs(seed);
    const other = seed % 3 === 0 ? { bytes: seed * 1000, flows: seed, frames: seed } : null;
    for (const unit of ["bytes", "flows", "frames"]) {
      for (const order of ["both", "out", "in", "name"]) {
        for (const top of [1, 3, 40]) {
          const of = grid(pairs, other, { unit, order, top });
          const whole = sum(pairs.map((p) => p[unit])) + (other ? other[unit] : 0);
          assert.equal(of.total, whole);
          assert.equal(sum(of.rowSums), whole);
          assert.equal(sum(of.columnSums), whole);
          // A named row is the sum of its pairs, computed one by one.
          for (const [r, key] of of.keys.entries()) {
            if (key === OTHER) continue;
            assert.equal(of.rowSums[r], sum(pairs.filter((p) => p.src === key).map((p) => p[unit])));
            assert.equal(of.columnSums[r], sum(pairs.filter((p) => p.dst === key).map((p) => p[unit])));
          }
          assert.ok(of.keys.length <= top + 1);
        }
      }
    }
  }
});

test("the order is by what is sent, received, both or the name", () => {
  const pairs = [{ src: "DE", dst: "US", bytes: 5, flows: 1, frames: 1 }, { src: "FR", dst: "DE", bytes: 9, flows: 1, frames: 1 }];
  const keys = (order) => grid(pairs, null, { unit: "bytes", order, top: 9 }).keys;
  assert.deepEqual(keys("out"), ["FR", "DE", "US"]);
  assert.deepEqual(keys("in"), ["DE", "US", "FR"]);
  assert.deepEqual(keys("both"), ["DE", "FR", "US"]);
  assert.deepEqual(grid(pairs, null, { unit: "bytes", order: "name", top: 9, names: (k) => ({ DE: "Z", US: "A", FR: "B" })[k] }).keys, ["US", "FR", "DE"]);
});

test("pairs of a category hold what the streams of that category hold", () => {
  const stream = (src, category, dst, operator, bytes) => ({ src, category, dst, operator, bytes, flows: 1, frames: 2 });
  const streams = [stream("DE", "HLT", "US", "US", 5), stream("DE", "HLT", "US", "IE", 7), stream("DE", "FIN", "US", "US", 11)];
  assert.deepEqual(pairsOfCategory(streams, "HLT"), [{ src: "DE", dst: "US", bytes: 12, flows: 2, frames: 4 }]);
  assert.deepEqual(streams[0].bytes, 5);
});

test("the streams behind a cell are those of its pair; behind other, those of no named key", () => {
  const stream = (src, dst) => ({ src, category: "HLT", dst, operator: "US", bytes: 1, flows: 1, frames: 1 });
  const streams = [stream("DE", "US"), stream("FR", "US"), stream("FR", "IN")];
  const keys = ["DE", "US", OTHER];
  assert.equal(streamsBehind(streams, keys, "DE", "US", null).length, 1);
  assert.equal(streamsBehind(streams, keys, OTHER, null, null).length, 2);
  assert.equal(streamsBehind(streams, keys, OTHER, OTHER, null).length, 1);
  assert.equal(streamsBehind(streams, keys, null, "US", "FIN").length, 0);
});

test("a ramp never gives less for more, starts at the smallest and ends at the last step", () => {
  const next = numbers(7);
  for (let i = 0; i < 500; ++i) {
    const values = Array.from({ length: 1 + next(20) }, () => 1 + next(10 ** (1 + next(9)))).sort((a, b) => a - b);
    const of = ramp(values[0], values.at(-1));
    const steps = values.map((v) => step(of, v));
    assert.deepEqual([...steps].sort((a, b) => a - b), steps);
    assert.ok(of.steps >= 1 && of.steps <= 6);
    assert.equal(steps.at(-1), of.steps);
    assert.ok(steps[0] >= 1);
    for (const { step: s, from, below } of legend(of)) {
      if (from > 0) assert.equal(step(of, from), s);
      if (below !== null) assert.equal(step(of, below - 0.001), s);
    }
  }
  assert.equal(step(ramp(1, 10), 0), 0);
  assert.deepEqual(ramp(0, 0), { bounds: [], steps: 0 });
});
