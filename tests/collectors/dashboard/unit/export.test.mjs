import assert from "node:assert/strict";
import test from "node:test";

import { load, numbers } from "./load.mjs";

const { csv, csvField } = await load("export/csv.ts");
const { hex, wrap } = await load("export/svg.ts");

// A reader of RFC 4180, letter by letter: the obviously right twin of the writer.
function read(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; ++i) {
    const [letter, row] = [text[i], rows.at(-1)];
    if (quoted) {
      if (letter !== '"') row[row.length - 1] += letter;
      else if (text[i + 1] === '"') row[row.length - 1] += text[++i];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ",") row.push("");
    else if (letter === "\r" && text[i + 1] === "\n") { rows.push([""]); ++i; }
    else row[row.length - 1] += letter;
  }
  rows.pop();
  return rows;
}

test("what is written is read back, whatever letters it holds", () => {
  const next = numbers(11);
  const letters = ['"', ",", "\n", "\r", "a", " ", ";", "é", "<", "'"];
  for (let i = 0; i < 300; ++i) {
    const rows = Array.from({ length: 1 + next(4) }, () => Array.from({ length: 3 }, () =>
      `x${Array.from({ length: next(6) }, () => letters[next(letters.length)]).join("")}`));
    assert.deepEqual(read(csv(["a", "b", "c"], rows)), [["a", "b", "c"], ...rows]);
  }
});

test("text that a spreadsheet would run is text", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", "\n=1", "\u0000=1"]) {
    assert.match(csvField(text), /^"?'/, JSON.stringify(text));
  }
  assert.equal(csvField("DE"), "DE");
  assert.equal(csvField("a-b"), "a-b");
});

test("numbers stay numbers, and nothing is nothing", () => {
  assert.equal(csvField(-3.5), "-3.5");
  assert.equal(csvField(0), "0");
  assert.equal(csvField(NaN), "");
  assert.equal(csvField(null), "");
  assert.equal(csvField(undefined), "");
});

test("lines end in CRLF, the last one too", () => {
  assert.equal(csv(["a"], [["b"], [1]]), "a\r\nb\r\n1\r\n");
});

test("colours become notation that every renderer reads", () => {
  assert.equal(hex("rgb(0, 114, 178)"), "#0072b2");
  assert.equal(hex("none"), "none");
  assert.equal(hex("rgba(0, 0, 0, 0.5)"), "rgba(0, 0, 0, 0.5)");
});

test("wrapped lines hold every word and none is too long", () => {
  const text = `one two ${"x".repeat(95)} three`;
  const lines = wrap(text, 20);
  assert.ok(lines.every((line) => line.length <= 20));
  assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
});
