// Dependence: holders, concentration, government systems and pairs are the model's.
import { HOSTILE, model as make } from "../fixture.mjs";
import { checkSvg, harmless, readCsv, saved } from "../files.mjs";
import { judged } from "../judged.mjs";
import { bytes, percent } from "../words.mjs";

async function holders(t, model) {
  const { organisations, unattributed } = model.dependence;
  const { category } = organisations[0];
  const page = await t.open(model, `#/dependence?category=${category}`);
  const own = organisations.filter((o) => o.category === category);
  const total = own.reduce((sum, o) => sum + o.bytes, 0) + unattributed.filter((u) => u.category === category).reduce((sum, u) => sum + u.bytes, 0);
  const text = await t.text(page, "#organisations");
  t.assert.ok(text.includes(`${bytes(total)} in all`), text.slice(0, 300));
  const rows = readCsv((await saved(page, "#organisations-csv")).text).slice(1);
  t.assert.deepEqual(rows.map((r) => Number(r[2])), own.map((o) => o.bytes).sort((a, b) => b - a));
  const labels = await page.locator("#organisations svg text").allTextContents();
  t.assert.ok(labels.some((label) => label.includes(percent(Math.max(...own.map((o) => o.bytes)) / total))));
  await checkSvg(t, page, await saved(page, "#organisations-svg"));
}

async function figures(t, model) {
  const page = await t.open(model, "#/dependence");
  const concentration = readCsv((await saved(page, "#concentration-csv")).text).slice(1);
  for (const row of model.dependence.concentration.filter((r) => r.of === "organisation" && r.hhi !== null)) {
    const line = concentration.find((l) => l[0] === (row.category ?? "All categories"));
    t.assert.equal(Number(line[2]), row.hhi);
    t.assert.equal(Number(line[4]), row.effective);
  }
  const pairs = readCsv((await saved(page, "#reciprocity-csv")).text).slice(1);
  for (const row of model.dependence.reciprocity.slice(0, 20)) {
    const line = pairs.find((l) => l[0] === row.a && l[1] === row.b);
    t.assert.deepEqual([Number(line[2]), Number(line[3])], [row.ab_bytes, row.ba_bytes]);
    t.assert.ok(Math.abs(Number(line[4]) - row.balance) < 1e-5);
  }
  const government = readCsv((await saved(page, "#government-csv")).text).slice(1);
  t.assert.equal(government.reduce((sum, l) => sum + Number(l[1]), 0), model.dependence.government.reduce((sum, g) => sum + g.bytes, 0));
  await page.click("#gives-flows");
  t.assert.match(page.url(), /gives=flows/);
  const flows = readCsv((await saved(page, "#reciprocity-csv")).text).slice(1);
  const [largest] = [...model.dependence.reciprocity].sort((a, b) => b.ab_flows + b.ba_flows - a.ab_flows - a.ba_flows);
  t.assert.equal(Number(flows[0][2]) + Number(flows[0][3]), largest.ab_flows + largest.ba_flows);
}

export async function check(t) {
  const made = judged(t.fixture);
  for (const model of t.real?.dependence?.organisations?.length ? [made, t.real] : [made]) {
    await holders(t, model);
    await figures(t, model);
  }
  t.assert.match(await t.text(await t.open(made, "#/dependence")), /no answers without clients/);
  t.assert.match(await t.text(await t.open(t.fixture, "#/dependence")), /no organisation was named/);
  const hostile = await t.open(judged(make({ cells: 80, hostile: true }), { hostile: true }), "#/dependence");
  await harmless(t, hostile, "dependence");
  await t.unfold(hostile, "#organisations-figures-details", "#organisations-figures-summary");
  t.assert.ok((await t.text(hostile)).includes(HOSTILE));
}
