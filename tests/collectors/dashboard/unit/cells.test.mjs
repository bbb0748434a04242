import assert from "node:assert/strict";
import test from "node:test";

import { load, numbers } from "./load.mjs";

const cells = await load("rows/cells.ts");

function randomCells(seed, n) {
  const next = numbers(seed);
  const pick = (list) => list[next(list.length)];
  return Array.from({ length: n }, () => ({
    src: pick(["DE", "US", "unknown"]), dst: pick(["DE", "IN", "a,b", "x~y"]), src_registered: "DE", dst_registered: "IN",
    src_as: pick([0, 9, 10, 64512]), dst_as: pick([0, 3320]), src_operator: "DE", dst_operator: "US", role: pick(["initiator", "responder"]),
    category: pick(["HLT", "FIN"]), evidence: "name", confidence: pick([0, 0.5, 0.8]), protection: "encrypted", entity: pick([0, 3]),
    frames: next(100), bytes: next(100000), payload_bytes: next(1000), flows: next(5), clients: next(9),
  }));
}

test("a filter keeps exactly the rows that a plain comparison keeps", () => {
  const rows = randomCells(3, 400);
  const query = { src: "DE,unknown", bytes: "1000..50000", confidence: "0.5..", flows: "..2" };
  const kept = rows.filter((row) => cells.matches(row, cells.readConditions((key) => query[key] ?? null)));
  const plain = rows.filter((r) => (r.src === "DE" || r.src === "unknown") && r.bytes >= 1000 && r.bytes <= 50000 && r.confidence >= 0.5 && r.flows <= 2);
  assert.deepEqual(kept, plain);
  assert.ok(kept.length > 0 && kept.length < rows.length);
});

test("a condition written to an address is read back the same, commas and all", () => {
  for (const words of [["DE"], ["a,b", "x~y"], ["~1", "~0"], ["<script>", "="]]) {
    const field = cells.fieldOf("dst");
    const text = cells.writeCondition({ field, words });
    assert.deepEqual(cells.readConditions((key) => (key === "dst" ? text : null)), [{ field, words }]);
  }
  const field = cells.fieldOf("bytes");
  for (const bounds of [{ least: 5 }, { most: 7 }, { least: 1, most: 2 }]) {
    const text = cells.writeCondition({ field, ...bounds });
    assert.deepEqual(cells.readConditions((key) => (key === "bytes" ? text : null)), [{ field, ...bounds }]);
  }
});

test("an address that makes no sense filters nothing", () => {
  for (const text of ["abc", "..", "", "1e999..", "NaN..Infinity"]) {
    assert.deepEqual(cells.readConditions((key) => (key === "bytes" ? text : null)), []);
  }
});

test("sorting is stable, numbers sort as numbers, and descending is the reverse of the keys", () => {
  const rows = randomCells(9, 200);
  for (const field of cells.FIELDS) {
    for (const descending of [false, true]) {
      const sorted = cells.sorted(rows, { field, descending });
      assert.equal(sorted.length, rows.length);
      for (let i = 1; i < sorted.length; ++i) {
        const [a, b] = [sorted[i - 1], sorted[i]].map((row) => row[field.key]);
        assert.ok(a === b ? rows.indexOf(sorted[i - 1]) < rows.indexOf(sorted[i]) : (descending ? a > b : a < b), `${field.key}: ${a}, ${b}`);
      }
    }
  }
});

test("pages cover every row once, and a page beyond the last is the last", () => {
  const rows = randomCells(4, 123);
  const seen = [];
  for (let page = 1; page <= 3; ++page) seen.push(...cells.pageOf(rows, page, 50).rows);
  assert.deepEqual(seen, rows);
  assert.equal(cells.pageOf(rows, 99, 50).page, 3);
  assert.equal(cells.pageOf(rows, -1, 50).page, 1);
  assert.equal(cells.pageOf(rows, NaN, 50).page, 1);
  assert.deepEqual(cells.pageOf([], 1, 50), { rows: [], page: 1, pages: 1, first: 0, last: 0 });
});

test("choices hold every value and all bytes", () => {
  const rows = randomCells(5, 100);
  const list = cells.choices(rows, cells.fieldOf("src"));
  assert.equal(list.reduce((s, c) => s + c.bytes, 0), cells.sums(rows).bytes);
  assert.deepEqual(new Set(list.map((c) => c.value)), new Set(rows.map((r) => r.src)));
});
