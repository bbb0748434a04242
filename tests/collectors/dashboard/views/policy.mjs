// The policy view: shares, bounds and moves are the model's; rule, citation and needs are one click
// away; what is not in the model is said; no word reads as a finding of law.
import { model as make } from "../fixture.mjs";
import { checkSvg, harmless, saved } from "../files.mjs";
import { judged, released, VERDICTS } from "../judged.mjs";
import { bytes, percent } from "../words.mjs";

const whole = (verdicts) => VERDICTS.reduce((sum, v) => sum + (verdicts[v]?.bytes ?? 0), 0);

async function shares(t, model, pack) {
  const page = await t.open(model, `#/policy?pack=${pack.pack}`);
  await t.unfold(page, "#shares-figures-details", "#shares-figures-summary");
  const text = await t.text(page, "#shares");
  const total = whole(pack.verdicts);
  for (const verdict of VERDICTS) {
    const { bytes: own, frames } = pack.verdicts[verdict] ?? {};
    if (!frames) continue;
    t.assert.ok(text.includes(bytes(own)) && text.includes(percent(own / total)), `${pack.pack} ${verdict}`);
    const bounds = pack.bounds?.[verdict];
    if (!bounds) continue;
    t.assert.ok(text.includes(`${percent(bounds.lower_bytes / total)} to ${percent(bounds.upper_bytes / total)}`), `bounds of ${verdict}`);
    t.assert.ok(text.includes(`${percent(bounds.L)} / ${percent(bounds.M)} / ${percent(bounds.U)}`), `coverage of ${verdict}`);
  }
  // Bars are as long as their shares.
  const bars = await page.locator("#packs svg.chart").evaluate((svg) => [...svg.querySelectorAll("rect")].filter((r) => Number(r.getAttribute("height")) > 20).map((r) => Number(r.getAttribute("width"))));
  const widest = model.policies.flatMap((p) => VERDICTS.map((v) => (p.verdicts[v]?.bytes ?? 0) / whole(p.verdicts))).filter((s) => s > 0);
  const sum = bars.reduce((a, b) => a + b, 0) / model.policies.length;
  t.assert.equal(bars.length, widest.length);
  for (const [i, part] of widest.entries()) t.assert.ok(Math.abs(bars[i] / sum - part) < 1e-3);
}

async function rules(t, model, pack) {
  const page = await t.open(model, `#/policy?pack=${pack.pack}`);
  for (const rule of pack.rules.filter((r) => r.purpose !== undefined)) {
    await page.click(`[id="rule-${rule.rule}"]`);
    const text = await t.text(page, `[id="rule-detail-${rule.rule}"]`);
    t.assert.ok(text.includes(rule.cite), `citation of ${rule.rule}`);
    t.assert.ok(text.includes(rule.observability));
    for (const need of rule.not_confirmed) t.assert.ok(text.includes(pack.facts?.[need] ?? need), `need ${need}`);
    if (rule.not_confirmed.length > 0) t.assert.match(text, /a question and not a breach/);
    t.assert.equal(await page.locator(".rule-detail").count(), 1);
  }
  await page.reload();
  await page.waitForSelector(".rule-detail");
}

async function otherwise(t, model, pack) {
  const page = await t.open(model, `#/policy?pack=${pack.pack}&part=otherwise`);
  for (const [id, variant] of [["flip_default", pack.variants?.flip_default], ["ablate_origin", pack.variants?.ablate_origin]]) {
    await page.selectOption("#select-as", id);
    t.assert.match(page.url(), new RegExp(`as=${id}`));
    const text = await t.text(page, "#otherwise");
    if (!variant) {
      t.assert.ok(text.includes(pack.variants_reason), `${id}: the reason`);
      continue;
    }
    if (variant.moved) t.assert.ok(text.includes(`${bytes(variant.moved.bytes)}, ${percent(variant.moved.bytes / whole(pack.verdicts))} of all bytes, get another verdict`), id);
    for (const [row, columns] of Object.entries(variant.matrix ?? {})) {
      for (const [column, value] of Object.entries(columns)) t.assert.ok(text.includes(bytes(value.bytes)), `${row} to ${column}`);
    }
  }
  for (const treatment of Object.keys(pack.treatments ?? {})) {
    await page.selectOption("#select-as", `treatment.${treatment}`);
    const text = await t.text(page, "[id=otherwise-shift]");
    for (const verdict of VERDICTS) {
      const own = pack.treatments[treatment][verdict]?.bytes ?? 0;
      if (own > 0) t.assert.ok(text.includes(percent(own / whole(pack.treatments[treatment]))), `${treatment} ${verdict}`);
    }
  }
  await checkSvg(t, page, await saved(page, "#otherwise-svg"));
}

async function compare(t, model) {
  const [one, two] = model.policies;
  const comparison = model.comparisons.find((c) => c.a === one.pack && c.b === two.pack);
  const page = await t.open(model, `#/policy?pack=${one.pack}&with=${two.pack}&part=compare`);
  const text = await t.text(page, "#compare");
  t.assert.ok(text.includes(`They give ${bytes(comparison.same.bytes)} the same verdict`));
  t.assert.ok(text.includes(percent(1 - comparison.same.bytes / comparison.total.bytes)));
  const without = await t.open({ ...model, comparisons: [] }, `#/policy?pack=${two.pack}&with=${one.pack}&part=compare`);
  t.assert.match(await t.text(without, "#compare"), /not in this document/);
}

// What is not known, and what hangs on the database that is asked.
async function unsure(t, model, pack) {
  const total = whole(pack.verdicts);
  const page = await t.open(model, `#/policy?pack=${pack.pack}`);
  const rows = pack.undetermined ?? [];
  t.assert.equal(await page.locator("#undetermined").count(), rows.length > 0 ? 1 : 0);
  for (const row of rows) {
    const text = await t.text(page, "#undetermined");
    t.assert.ok(text.includes(bytes(row.bytes)) && text.includes(percent(row.bytes / total)), `undetermined of ${pack.pack}`);
    if (row.missing.includes("place")) t.assert.match(text, /where an end is/);
    if (row.missing.includes("kind")) t.assert.match(text, /what kind of data it is/);
  }
  const geo = await t.text(await t.open(model, `#/policy?pack=${pack.pack}&part=geo`), "#geo");
  const choice = model.with_geo;
  if (!choice) {
    t.assert.match(geo, /in one database only/);
    return;
  }
  t.assert.ok(geo.includes(`${bytes(choice.moved.bytes)}, ${percent(choice.moved.bytes / choice.total.bytes)} of all bytes, would be at another place`), geo);
  const { moved, comparison } = choice.policies.find((policy) => policy.pack === pack.pack);
  const other = comparison.total.bytes - comparison.same.bytes;
  t.assert.ok(geo.includes(`${bytes(other)}, ${percent(other / comparison.total.bytes)} of all bytes, would get another verdict of ${pack.pack}`));
  for (const { in_use: own, otherwise: else_ } of Object.values(moved)) {
    t.assert.ok(geo.includes(bytes(own.bytes)) && geo.includes(percent(own.bytes ? else_.bytes / own.bytes : null)), pack.pack);
  }
  for (const columns of Object.values(comparison.matrix)) for (const value of Object.values(columns)) t.assert.ok(geo.includes(bytes(value.bytes)));
}

async function words(t, model, axe) {
  const page = await t.open(model, "#/policy");
  for (const part of ["rules", "otherwise", "compare", "geo", "scale", "about"]) {
    for (const { pack } of model.policies) {
      await page.goto(`${t.server.url}#/policy?pack=${pack}&part=${part}`);
      await page.waitForSelector(`#part-${part}[aria-pressed=true]`);
      const text = await t.text(page);
      t.assert.match(text, /Indicative/);
      t.assert.match(text, /Never a finding of law/);
      t.assert.ok(!/\b(illegal|unlawful|violat\w*|infring\w*|guilty|offence)\b/i.test(text), `${part} of ${pack}`);
      if (axe) await t.axe(page, `policy, ${part}`);
    }
  }
  const scale = await t.text(await t.open(model, `#/policy?pack=${model.policies[0].pack}&part=scale`), "#scale");
  t.assert.match(scale, /Exposure that it would spare/);
  t.assert.match(scale, /Cost/);
}

// What a sensor withholds is named, and shares stay shares of everything.
async function withheld(t, model) {
  const [pack] = model.policies;
  const total = whole(pack.verdicts) + pack.verdicts_suppressed.bytes;
  const page = await t.open(model, `#/policy?pack=${pack.pack}`);
  const text = await t.text(page);
  t.assert.ok(text.includes(`${bytes(pack.verdicts_suppressed.bytes)} are withheld`));
  t.assert.ok(text.includes("a sensor publishes the pack as written only"));
  t.assert.ok((await page.locator("#shares svg text").allTextContents()).includes(percent(pack.verdicts.permitted.bytes / total)));
  t.assert.equal(await page.locator("#packs svg.chart > rect.withheld").count(), model.policies.length);
  for (const part of ["otherwise", "compare", "scale"]) {
    t.assert.match(await t.text(await t.open(model, `#/policy?part=${part}`)), /a sensor publishes the pack as written only/, part);
  }
  t.assert.match(await t.text(await t.open(model, "#/dependence")), /a sensor does not publish organisations/);
  const cells = await t.open(model, "#/table?all=1");
  t.assert.equal(await cells.locator("table.cells thead th").count(), 10);
}

export async function check(t) {
  const made = judged(t.fixture);
  for (const model of t.real?.policies?.length > 1 ? [made, t.real] : [made]) {
    // Of many packs the first, and the last, of which the model may hold less.
    for (const pack of new Set([...model.policies.slice(0, 2), model.policies.at(-1)])) {
      await shares(t, model, pack);
      await rules(t, model, pack);
      await otherwise(t, model, pack);
      await unsure(t, model, pack);
    }
    await compare(t, model);
    await words(t, model, model === made);
  }
  await withheld(t, released(made));
  const stale = await t.text(await t.open(made, "#/policy?pack=strict"));
  t.assert.match(stale, /undetermined: no --vantage was declared/);
  t.assert.match(stale, /last checked on 2026-06-30/);
  t.assert.match(await t.text(await t.open(t.fixture, "#/policy")), /No pack was evaluated/);
  t.assert.match(await t.text(await t.open(make({ cells: 0 }), "#/policy")), /Nothing seen yet, because/);
  const hostile = await t.open(judged(make({ cells: 60, hostile: true }), { hostile: true }), "#/policy?pack=strict&part=about");
  await harmless(t, hostile, "policy");
  for (const phone of [false, true]) {
    const page = await t.open(made, "#/policy?rule=elsewhere", { phone });
    await t.fits(page, `policy, phone ${phone}`);
  }
}
