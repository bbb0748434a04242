// The Sankey diagram: links are as wide as they are heavy, columns add up, a place shows what passes.
import { large, model as make } from "../fixture.mjs";
import { checkSvg, cost, harmless, readCsv, saved } from "../files.mjs";
import { bytes } from "../words.mjs";

async function widths(t, model, lens, streams) {
  const page = await t.open(model, `#/sankey?lens=${lens}`);
  const blocks = await page.locator(".sankey .block").evaluateAll((all) => all.map((r) => ({ column: r.getAttribute("class"), height: Number(r.getAttribute("height")) })));
  const columns = (lens === "operator" ? [0, 1, 2] : [0, 1, 2, 3]).map((c) => blocks.filter((b) => b.column.endsWith(String(c))).reduce((sum, b) => sum + b.height, 0));
  // Every column is as high as every other, but for places thinner than a pixel, which are drawn as one.
  for (const height of columns) t.assert.ok(Math.abs(height - columns[0]) < 12, columns.join(" "));
  // Each step of the figures holds all bytes.
  const whole = streams.rows.reduce((sum, s) => sum + s.bytes, 0) + streams.other.bytes;
  const rows = readCsv((await saved(page, "#sankey-csv")).text).slice(1);
  for (const step of ["Source to category", "Category to destination", ...(lens === "operator" ? [] : ["Destination to operator"])]) {
    t.assert.equal(rows.filter((r) => r[2] === step).reduce((sum, r) => sum + Number(r[3]), 0), whole, step);
  }
  // Links: width by value, measured against the heaviest.
  const links = await page.locator(".sankey .links .link").evaluateAll((all) => all.map((p) => Number(p.getAttribute("stroke-width"))));
  const values = rows.map((r) => Number(r[3])).sort((a, b) => b - a);
  const drawn = links.sort((a, b) => b - a);
  t.assert.equal(drawn.length, values.length);
  for (let i = 0; i < Math.min(20, drawn.length); ++i) {
    if (drawn[i] > 1) t.assert.ok(Math.abs(drawn[i] / drawn[0] - values[i] / values[0]) < 1e-6);
  }
}

async function places(t, model) {
  const sums = new Map();
  for (const s of model.streams.rows) sums.set(s.category, (sums.get(s.category) ?? 0) + s.bytes);
  const [category, sum] = [...sums].sort((a, b) => b[1] - a[1])[0];
  const page = await t.open(model, "#/sankey");
  await page.focus(`[id="node-category:${category}"]`);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#streams");
  t.assert.equal(await page.evaluate(() => document.activeElement.id), `node-category:${category}`);
  t.assert.ok((await t.text(page, "#streams")).includes(bytes(sum)));
  t.assert.ok((await page.locator(".link.passes").count()) > 0);
  const behind = model.streams.rows.filter((s) => s.category === category);
  t.assert.equal(readCsv((await saved(page, "#streams-csv")).text).length - 1, behind.length);
  await page.reload();
  await page.waitForSelector("#streams");
  const cells = await page.getAttribute("#streams-cells", "href");
  t.assert.match(cells, new RegExp(`^#/table\\?.*category=${category}`));
  await page.click("#streams-close");
  await page.waitForSelector("#streams", { state: "detached" });
}

// Under another lens a place leads to the cells of that end's field.
async function byOperator(t, model) {
  if (!model.streams.operator) return;
  const { rows } = model.streams.operator;
  const page = await t.open(model, `#/sankey?lens=operator&at=src:${rows[0].src}`);
  await page.waitForSelector("#streams");
  const behind = rows.filter((s) => s.src === rows[0].src);
  t.assert.equal(readCsv((await saved(page, "#streams-csv")).text).length - 1, behind.length);
  t.assert.match(await page.getAttribute("#streams-cells", "href"), new RegExp(`src_operator=${rows[0].src}`));
}

async function extremes(t) {
  t.assert.match(await t.text(await t.open(make({ cells: 0 }), "#/sankey")), /Nothing seen yet, because/);
  const live = await t.open(make({ kind: "live" }), "#/sankey?lens=operator");
  t.assert.match(await t.text(live), /a sensor publishes them by location only/);
  const one = await t.open(make({ cells: 1 }), "#/sankey");
  t.assert.equal(await one.locator(".sankey .node").count(), 4);
  const hostile = await t.open(make({ cells: 40, hostile: true }), "#/sankey?top=16&at=nowhere");
  await harmless(t, hostile, "sankey");
  await checkSvg(t, hostile, await saved(hostile, "#sankey-svg"));
  // Labels of a column never overlap, on a phone either.
  for (const phone of [false, true]) {
    const page = await t.open(t.fixture, "#/sankey?top=16", { phone });
    const boxes = await page.locator(".sankey text.label:not(.muted)").evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map((b) => ({ x: b.x, y: b.y, right: b.right, bottom: b.bottom })));
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.x || b.right <= a.x || a.bottom <= b.y + 1.5 || b.bottom <= a.y + 1.5;
        t.assert.ok(apart, `labels overlap: ${JSON.stringify([a, b])}`);
      }
    }
  }
  const busy = await t.open(large(["DE", "US", "FR", "NL", "IE", "GB", "SE", "PL", "JP", "SG", "IN", "BR"]), "#/sankey");
  console.log(`        sankey: 5,000 streams: flows instead of bytes in ${await cost(busy, ["unit-flows", "unit-bytes"])}`);
}

export async function check(t) {
  for (const model of t.real ? [t.fixture, t.real] : [t.fixture]) {
    await widths(t, model, "location", model.streams);
    for (const lens of ["registered", "operator"]) {
      if (model.streams[lens]) await widths(t, model, lens, model.streams[lens]);
      else t.assert.match(await t.text(await t.open(model, `#/sankey?lens=${lens}`)), /was not measured here/);
    }
    await byOperator(t, model);
    await places(t, model);
  }
  await extremes(t);
}
