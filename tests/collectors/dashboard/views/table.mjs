// The table of cells: filters, order, pages and sums are those of the model's cells, and the file
// holds what is filtered.
import { HOSTILE, large, model as make } from "../fixture.mjs";
import { cost, harmless, readCsv, saved } from "../files.mjs";
import { bytes, grouped, percent } from "../words.mjs";

const KEYS = ["src", "dst", "src_registered", "dst_registered", "src_as", "dst_as", "src_operator", "dst_operator", "role", "category", "evidence",
  "confidence", "protection", "entity", "frames", "bytes", "payload_bytes", "flows", "clients"];
const total = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0);

async function filters(t, model) {
  const { rows } = model.cells;
  const first = rows[0];
  const page = await t.open(model, `#/table?src=${first.src}&bytes=1000..&sort=-flows`);
  const kept = rows.filter((r) => r.src === first.src && r.bytes >= 1000);
  const text = await t.text(page, "#cells-total");
  t.assert.ok(text.includes(`${grouped(kept.length)} of ${grouped(rows.length)} cells: ${bytes(total(kept, "bytes"))}, ${percent(total(kept, "bytes") / model.total.bytes)}`), text);
  const file = await saved(page, "#cells-csv");
  const [header, ...lines] = readCsv(file.text);
  t.assert.deepEqual(header, KEYS);
  t.assert.equal(lines.length, kept.length);
  const flows = lines.map((line) => Number(line[KEYS.indexOf("flows")]));
  t.assert.deepEqual(flows, kept.map((r) => r.flows).sort((a, b) => b - a));
  t.assert.deepEqual(new Set(lines.map((line) => JSON.stringify(line))).size <= kept.length, true);
  t.assert.equal(lines.reduce((sum, line) => sum + Number(line[KEYS.indexOf("bytes")]), 0), total(kept, "bytes"));
  // Every field has its filter; one is chosen, and another taken away, by hand.
  await t.unfold(page, "#filters", "#filters-summary");
  await page.waitForSelector("#filters > .filter-fields");
  for (const key of KEYS) t.assert.ok((await page.locator(`#filter-${key}, #filter-${key}-least`).count()) === 1, key);
  await page.selectOption("#filter-category", `=${first.category}`);
  await page.click("#drop-bytes");
  const both = rows.filter((r) => r.src === first.src && r.category === first.category);
  t.assert.ok((await t.text(page, "#cells-total")).includes(`${grouped(both.length)} of`));
  await page.fill("#filter-flows-least", "2");
  await page.keyboard.press("Tab");
  t.assert.match(page.url(), /flows=2\.\./);
  t.assert.ok((await t.text(page, "#cells-total")).includes(`${grouped(both.filter((r) => r.flows >= 2).length)} of`));
  t.assert.equal(await page.locator("#filters").getAttribute("open"), "");
  await page.click("#drop-all");
  t.assert.ok((await t.text(page, "#cells-total")).includes(`${grouped(rows.length)} of ${grouped(rows.length)} cells`));
}

async function pages(t, model) {
  const { rows } = model.cells;
  const page = await t.open(model, "#/table?all=1");
  t.assert.equal(await page.locator("table.cells thead th").count(), KEYS.length);
  t.assert.equal(await page.locator("table.cells tbody tr").count(), Math.min(50, rows.length));
  const column = KEYS.indexOf("bytes") + 1;
  const shown = () => page.locator(`table.cells tbody tr td:nth-child(${column})`).allInnerTexts();
  const heaviest = [...rows].sort((a, b) => b.bytes - a.bytes);
  t.assert.deepEqual(await shown(), heaviest.slice(0, 50).map((r) => bytes(r.bytes)));
  await page.click("#page-on");
  t.assert.deepEqual(await shown(), heaviest.slice(50, 100).map((r) => bytes(r.bytes)));
  await page.reload();
  await page.waitForSelector("#page-where");
  t.assert.ok((await t.text(page, "#page-where")).startsWith("51 to"));
  await page.click("#sort-bytes");
  t.assert.equal(await page.locator("th[aria-sort=ascending]").count(), 1);
  t.assert.deepEqual(await shown(), heaviest.slice(-50).reverse().map((r) => bytes(r.bytes)));
  t.assert.ok((await t.text(page, "table.cells tfoot")).includes(bytes(total(rows, "bytes"))));
}

async function extremes(t) {
  t.assert.match(await t.text(await t.open(make({ cells: 0 }), "#/table")), /Nothing seen yet, because/);
  const one = await t.open(make({ cells: 1 }), "#/table");
  t.assert.equal(await one.locator("table.cells tbody tr").count(), 1);
  const none = await t.open(t.fixture, "#/table?src=nowhere&bytes=oops&page=-4&sort=nothing");
  t.assert.match(await t.text(none), /No cell meets every filter/);
  await t.axe(none, "an empty table");
  const hostile = make({ cells: 30, hostile: true });
  hostile.cells.rows[0].role = "=cmd|' /C calc'!A0";
  const page = await t.open(hostile, "#/table?all=1");
  await t.unfold(page, "#filters", "#filters-summary");
  await page.waitForSelector("#filters > .filter-fields");
  await harmless(t, page, "table");
  t.assert.ok((await t.text(page)).includes(HOSTILE));
  const lines = readCsv((await saved(page, "#cells-csv")).text);
  t.assert.ok(lines.some((line) => line.includes("'=cmd|' /C calc'!A0")));
  t.assert.ok(lines.flat().every((field) => !/^[=+@]/.test(field)));
  const busy = await t.open(large(["DE", "US", "FR", "NL", "IE", "GB"]), "#/table");
  t.assert.match(await t.text(busy, "#cells-total"), /carries the largest 2,000 of 40,000 cells/);
  console.log(`        table: 2,000 cells: another order in ${await cost(busy, ["sort-flows", "sort-bytes"])}`);
}

export async function check(t) {
  for (const model of t.real ? [t.fixture, t.real] : [t.fixture]) {
    await filters(t, model);
    await pages(t, model);
  }
  await extremes(t);
}
