// The overview's figures are the model's.
import { bytes, percent } from "../words.mjs";

export async function check(t) {
  const model = t.real ?? t.fixture;
  const page = await t.open(model, "#/overview");
  const text = await t.text(page);
  t.assert.ok(text.includes(model.sentence));
  for (const counts of Object.values(model.crossing)) {
    t.assert.ok(text.includes(percent(counts.bytes / model.total.bytes)), `share ${percent(counts.bytes / model.total.bytes)}`);
    t.assert.ok(text.includes(bytes(counts.bytes)), `bytes ${bytes(counts.bytes)}`);
  }
  for (const name of ["located", "named", "classified"]) t.assert.ok(text.includes(percent(model.coverage[name])), name);
  for (const { text: said } of model.findings) t.assert.ok(text.includes(said.slice(1)), said);
  // Widths in the picture add up to the whole, and each is its share.
  const widths = await page.locator(".beside svg.bar rect[class^=crossing]").evaluateAll((all) => all.map((r) => [r.getAttribute("class"), Number(r.getAttribute("width"))]));
  for (const [name, width] of widths) {
    t.assert.ok(Math.abs(width - (1000 * model.crossing[name.replace("crossing-", "")].bytes) / model.total.bytes) < 0.01, name);
  }
  t.assert.ok(Math.abs(widths.reduce((sum, [, w]) => sum + w, 0) - 1000) < 0.05);
  for (const word of ["Located", "Registered", "Operator", "Anycast", "Unknown", "What is not visible"]) {
    t.assert.equal(await page.locator(".reading dt", { hasText: new RegExp(`^${word}$`) }).count(), 1, word);
  }
  // What a reader sees without scrolling: the pictures of the README.
  await t.shot(page, "first-sight-overview", { full: false });
  await t.shot(await t.open(model, "#/map"), "first-sight-map", { full: false });
}
