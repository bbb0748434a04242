// The matrix: its cells are the model's pairs under every lens, its sums are exact, a cell shows the
// streams behind it, and address, keyboard and files do what they say.
import { add, counts, grouped, HOSTILE, large, model as make } from "../fixture.mjs";
import { checkSvg, cost, harmless, readCsv, saved } from "../files.mjs";
import { bytes, percent } from "../words.mjs";

const cellOf = (page, src, dst) => page.evaluate(([from, to]) => {
  const keys = [...document.querySelectorAll(".matrix thead th[data-r]")].map((th) => th.textContent);
  const [r, c] = [keys.indexOf(from) + 1, keys.indexOf(to) + 1];
  return r && c ? { id: `matrix-${r}-${c}`, title: document.getElementById(`matrix-${r}-${c}`).title } : null;
}, [src, dst]);

async function lenses(t, model) {
  for (const lens of ["location", "registered", "operator"]) {
    const of = model.lenses[lens];
    const page = await t.open(model, `#/matrix?lens=${lens}&top=40`);
    if (!of) {
      t.assert.match(await t.text(page), /was not measured here/);
      continue;
    }
    const keys = await page.locator(".matrix thead th[data-r]").allInnerTexts();
    const shown = of.pairs.filter((p) => keys.includes(p.src) && keys.includes(p.dst)).slice(0, 60);
    t.assert.ok(shown.length > 0);
    for (const pair of shown) {
      const cell = await cellOf(page, pair.src, pair.dst);
      if (pair.bytes > 0) t.assert.ok(cell.title.includes(`: ${bytes(pair.bytes)}, ${percent(pair.bytes / model.total.bytes)}`), `${lens} ${pair.src} ${pair.dst}: ${cell.title}`);
    }
    // The file of the figures holds every byte, once.
    const rows = readCsv((await saved(page, "#matrix-csv")).text).slice(1);
    const whole = of.pairs.reduce((sum, p) => sum + p.bytes, 0) + of.other.bytes;
    t.assert.equal(rows.reduce((sum, row) => sum + Number(row[2]), 0), whole);
    t.assert.ok((await t.text(page, "#matrix-total")).includes(`Shown: ${bytes(whole)}`));
  }
}

async function streams(t, model) {
  const [pair] = model.lenses.location.pairs;
  const page = await t.open(model, "#/matrix?top=12");
  const { id } = await cellOf(page, pair.src, pair.dst);
  await page.click(`#${id}`);
  t.assert.match(page.url(), new RegExp(`cell=${pair.src}(>|%3E)${pair.dst}`));
  const behind = model.streams.rows.filter((s) => s.src === pair.src && s.dst === pair.dst);
  const text = await t.text(page, "#streams");
  t.assert.ok(text.includes(`${behind.length.toLocaleString("en-US")} stream`), text.slice(0, 200));
  t.assert.ok(text.includes(bytes(behind.reduce((sum, s) => sum + s.bytes, 0))));
  const rows = readCsv((await saved(page, "#streams-csv")).text).slice(1);
  t.assert.deepEqual(rows.map((r) => Number(r[4])), behind.map((s) => s.bytes).sort((a, b) => b - a));
  // The address alone brings the same picture back; the history leads out of it.
  await page.reload();
  await page.waitForSelector("#streams");
  t.assert.equal(await page.getAttribute(`#${id}`, "aria-selected"), "true");
  await page.goBack();
  await page.waitForSelector("#streams", { state: "detached" });
}

async function categories(t, model) {
  const { category } = model.categories[0];
  const page = await t.open(model, "#/matrix");
  await page.selectOption("#select-category", category);
  t.assert.match(page.url(), /category=/);
  const own = model.streams.rows.filter((s) => s.category === category);
  const rows = readCsv((await saved(page, "#matrix-csv")).text).slice(1);
  t.assert.equal(rows.reduce((sum, row) => sum + Number(row[2]), 0), own.reduce((sum, s) => sum + s.bytes, 0));
  const [top] = grouped(own, ["src", "dst"]).rows;
  t.assert.ok((await cellOf(page, top.src, top.dst)).title.includes(bytes(top.bytes)));
}

async function keyboard(t, model) {
  const page = await t.open(model, "#/matrix");
  await page.focus("#matrix-1-1");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  t.assert.equal(await page.evaluate(() => document.activeElement.id), "matrix-2-2");
  await page.keyboard.press("Home");
  t.assert.equal(await page.evaluate(() => document.activeElement.id), "matrix-2-0");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#streams");
  // The focus stays where it was, and the grid is one stop of the tabulator.
  t.assert.equal(await page.evaluate(() => document.activeElement.id), "matrix-2-0");
  t.assert.equal(await page.locator(".matrix [tabindex='0']").count(), 1);
  await page.selectOption("#select-order", "name");
  const names = await page.locator(".matrix tbody th[data-r]").evaluateAll((all) => all.map((th) => th.title).filter((name) => !/others?$/.test(name)));
  t.assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b, "en")));
}

async function extremes(t) {
  const nothing = await t.open(make({ cells: 0 }), "#/matrix");
  t.assert.match(await t.text(nothing), /Nothing seen yet, because/);
  const one = await t.open(make({ cells: 1 }), "#/matrix");
  t.assert.ok((await one.locator(".matrix tbody td[data-r]").count()) >= 1);
  await t.axe(one, "matrix of one cell");
  const odd = await t.open(make({ cells: 60, hostile: true }), "#/matrix?top=40&order=nonsense&top=x&cell=%3E%3E&lens=none");
  await harmless(t, odd, "matrix");
  const picture = await saved(odd, "#matrix-svg");
  await checkSvg(t, odd, picture);
  const named = await t.open(make({ cells: 60, hostile: true }), "#/matrix?top=40");
  const file = await saved(named, "#matrix-svg");
  t.assert.ok(!file.text.includes(HOSTILE));
  await checkSvg(t, named, file);
}

async function speed(t) {
  const model = large(Array.from({ length: 72 }, (_, i) => String.fromCharCode(65 + Math.floor(i / 9), 65 + (i % 9))));
  t.assert.equal(add(model.streams.rows.reduce(add, counts()), model.streams.other).bytes, model.total.bytes);
  const page = await t.open(model, "#/matrix?top=40");
  const took = await cost(page, ["lens-registered", "lens-operator", "lens-location"]);
  console.log(`        matrix: ${model.lenses.location.pairs.length} pairs, 40 jurisdictions: another lens in ${took}`);
}

export async function check(t) {
  for (const model of t.real ? [t.fixture, t.real] : [t.fixture]) {
    await lenses(t, model);
    await streams(t, model);
    await categories(t, model);
  }
  await keyboard(t, t.fixture);
  await extremes(t);
  await speed(t);
}
