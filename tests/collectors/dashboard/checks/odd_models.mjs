// No data, one cell, strange jurisdictions, a clock in the future, a stale pack, another schema: each
// shows something sensible in every view.
import { model as fixture } from "../fixture.mjs";
import { bytes, percent } from "../words.mjs";
import { views } from "./pictures.mjs";

async function everywhere(t, model, what, options = {}) {
  const page = await t.open(model, "", options);
  const found = {};
  for (const view of await views(page)) {
    await page.goto(`${t.server.url}#/${view}`);
    await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
    found[view] = await t.text(page);
    t.assert.ok(found[view].length > 40, `${what}: ${view} is empty`);
    t.assert.doesNotMatch(found[view], /NaN|undefined\b(?! it)|\[object|Infinity|null /, `${what}: ${view}`);
    await t.axe(page, `${what}, ${view}`);
  }
  return { page, found };
}

export async function check(t) {
  const empty = await everywhere(t, fixture({ cells: 0, windows: 0 }), "no data");
  for (const view of ["overview", "map", "timeline"]) {
    t.assert.match(empty.found[view], /Nothing seen yet, because the capture holds no frames/, view);
  }
  await everywhere(t, fixture({ cells: 0, windows: 0, kind: "live" }), "a sensor without traffic");
  await everywhere(t, fixture({ cells: 1, windows: 1 }), "one cell");
  await everywhere(t, { schema: "borderflow.view/1" }, "a model with nothing but its name");

  // A sensor withholds small cells: the sum of what it withholds stands beside the rest, everywhere.
  const live = fixture({ kind: "live" });
  const withheld = await everywhere(t, live, "a sensor", { dark: true });
  t.assert.equal(Object.values(live.crossing).reduce((sum, c) => sum + c.bytes, 0), live.total.bytes);
  t.assert.ok(withheld.found.overview.includes(`at least ${percent(live.coverage.located)}`), "what is withheld may be located or not");
  for (const part of Object.values(live.crossing)) t.assert.ok(withheld.found.overview.includes(percent(part.bytes / live.total.bytes)));
  t.assert.ok(withheld.found.map.includes(`${bytes(live.lenses.location.suppressed.bytes)} are suppressed`));
  await withheld.page.goto(`${t.server.url}#/overview`);
  await t.shot(withheld.page, "live-dark");

  // A jurisdiction that neither the atlas nor the points have is still listed.
  const strange = fixture();
  strange.lenses.location.pairs.unshift({ src: "DE", dst: "QZ", frames: 10, bytes: 5_000_000, flows: 1 });
  const page = await t.open(strange, "#/map");
  t.assert.match(await t.text(page), /Not on the map:.*QZ \(no ISO code\)/);

  // Several databases stand below each other, beside their term.
  const several = fixture();
  several.health.databases.push({ ...several.health.databases[0], type: "declared" });
  for (const phone of [false, true]) {
    const trusted = await t.open(several, "#/overview", { phone });
    const boxes = await trusted.locator(".facts").first().evaluate((list) => [...list.children].map((e) => ({ name: e.localName, x: e.getBoundingClientRect().x })));
    t.assert.equal(new Set(boxes.map(({ name, x }) => `${name} ${x}`)).size, 2, "terms in one column, facts in another");
  }

  const future = fixture({ kind: "live" });
  future.source.published = "2199-01-01T00:00:00Z";
  future.source.next = "2199-01-01T00:01:00Z";
  const late = await t.open(future, "#/overview");
  t.assert.match(await late.locator(".banners").innerText(), /clock is .* ahead/);
  t.assert.match(await t.text(late), /eu-gdpr-v: .*check what changed/);

  const other = await t.open({ schema: "borderflow.view/9" }, "", { expect: /nothing/ });
  await other.waitForSelector(".banner");
  t.assert.match(await other.locator(".banner").innerText(), /reads borderflow\.view\/1, and found borderflow\.view\/9/);

  const broken = fixture();
  broken.conservation.ok = false;
  broken.conservation.lines[0].ok = false;
  t.assert.match(await t.text(await t.open(broken, "#/overview")), /sums do not agree/);
}
