import assert from "node:assert/strict";
import test from "node:test";

import { load, numbers } from "./load.mjs";

const { sankeyFigure, streamsThrough, COLUMNS } = await load("rows/sankey.ts");
const { OTHER } = await load("rows/matrix.ts");

const KEYS = { src: ["DE", "AT", "US", "unknown"], category: ["HLT", "FIN", "UNK", "MED", "<i>"], dst: ["US", "DE", "IN", "private", "SG", "BR"], operator: ["US", "IE", "unknown"] };
const sum = (list) => list.reduce((a, b) => a + b, 0);

function randomStreams(seed) {
  const next = numbers(seed);
  return Array.from({ length: next(120) }, () => ({
    ...Object.fromEntries(COLUMNS.map((c) => [c, KEYS[c][next(KEYS[c].length)]])),
    bytes: next(1e7), flows: next(4), frames: next(100),
  }));
}

test("every column adds up to the total, and every node to its links", () => {
  for (let seed = 1; seed <= 300; ++seed) {
    const rows = randomStreams(seed);
    const other = seed % 4 === 0 ? { bytes: 12345, flows: 3, frames: 9 } : null;
    for (const unit of ["bytes", "flows"]) {
      for (const top of [1, 2, 10]) {
        const of = sankeyFigure(rows, other, { unit, top });
        assert.equal(of.total, sum(rows.map((r) => r[unit])) + (other ? other[unit] : 0));
        for (let c = 0; c < 4; ++c) {
          const nodes = of.nodes.filter((n) => n.column === c);
          assert.equal(sum(nodes.map((n) => n.value)), of.total);
          assert.ok(nodes.length <= top + 1);
          for (const node of nodes) {
            if (c < 3) assert.equal(sum(of.links.filter((l) => l.source === node.id).map((l) => l.value)), node.value);
            if (c > 0) assert.equal(sum(of.links.filter((l) => l.target === node.id).map((l) => l.value)), node.value);
          }
        }
      }
    }
  }
});

test("what passes a node is the sum of the streams through it, in every column", () => {
  for (let seed = 1; seed <= 60; ++seed) {
    const rows = randomStreams(seed);
    const whole = sankeyFigure(rows, null, { unit: "bytes", top: 2 });
    for (const { id, value } of whole.nodes) {
      const of = sankeyFigure(rows, null, { unit: "bytes", top: 2, at: id });
      const through = streamsThrough(rows, of, id);
      assert.equal(sum(through.map((r) => r.bytes)), value);
      for (let c = 0; c < 4; ++c) assert.equal(sum(of.nodes.filter((n) => n.column === c).map((n) => n.through)), value);
      assert.ok(of.links.every((l) => l.through <= l.value));
    }
  }
});

test("what is folded stands last in its column", () => {
  const rows = randomStreams(5);
  const of = sankeyFigure(rows, { bytes: 1e12, flows: 1, frames: 1 }, { unit: "bytes", top: 2 });
  for (let c = 0; c < 4; ++c) assert.equal(of.nodes.filter((n) => n.column === c).at(-1).key, OTHER);
});
