// A running sensor of the program's: what the page shows is what the API says, a publication comes by
// itself, and when the sensor ends under the open page, the page says so and keeps the last picture.
import { bytes, grouped, percent } from "../words.mjs";
import { views } from "./pictures.mjs";

const GONE = /ERR_|Failed to load resource/;
const WAIT = { timeout: 60_000 };

// The page's own answer, and the API's tables of the same publication.
async function published(page, url) {
  for (;;) {
    const model = await (await page.waitForResponse((answer) => answer.url().endsWith("/api/v1/view") && answer.status() === 200, WAIT)).json();
    const ask = async (path) => (await fetch(new URL(path, url))).json();
    const [crossings, pairs, verdicts] = await Promise.all(["/api/v1/crossings", "/api/v1/pairs", "/api/v1/verdicts"].map(ask));
    const same = [crossings, pairs, verdicts].every((answer) => answer.period.published === model.source.published);
    if (model.source.published !== null && model.total.bytes > 0 && same) return { model, crossings, pairs, verdicts };
  }
}

export async function check(t) {
  if (!t.live) {
    t.say("no running sensor was given");
    return;
  }
  const { url } = t.live;
  const page = await t.open(undefined, "#/overview", { address: url, expect: GONE });
  await page.waitForSelector("main h1");
  const { model, crossings, pairs, verdicts } = await published(page, url);
  t.assert.equal(model.source.kind, "live");
  t.assert.deepEqual(model.privacy, { suppressed: true, min_cell: 8 });
  t.assert.deepEqual(model.total, crossings.total);
  t.assert.deepEqual(model.lenses.location.pairs, pairs.rows);
  await page.waitForFunction((sentence) => document.querySelector(".lead")?.textContent === sentence, model.sentence, WAIT);
  const overview = await t.text(page);
  for (const [name, counts] of Object.entries(crossings.crossing)) {
    t.assert.deepEqual(model.crossing[name], counts, name);
    t.assert.ok(overview.includes(percent(counts.bytes / crossings.total.bytes)), `${name} on the page`);
  }
  t.assert.ok(model.conservation.ok);
  for (const policy of verdicts.policies) {
    const shown = model.policies.find((p) => p.pack === policy.pack);
    for (const [verdict, counts] of Object.entries(shown.verdicts)) t.assert.deepEqual(counts, policy.verdicts[verdict], `${policy.pack} ${verdict}`);
  }
  t.say(`published ${model.source.published}: ${bytes(model.total.bytes)}, ${grouped(pairs.rows.length)} pairs, ${bytes(model.crossing.suppressed.bytes)} suppressed`);

  // It goes on by itself, whatever is being looked at.
  await page.waitForFunction((sentence) => document.querySelector(".lead")?.textContent !== sentence, model.sentence, WAIT);
  for (const view of await views(page)) {
    await page.goto(`${url}#/${view}`);
    await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
    await t.fits(page, `live, ${view}`);
    t.assert.doesNotMatch(await t.text(page), /NaN|undefined\b(?! it)|\[object|Infinity/, view);
    await t.shot(page, `live-${view}`);
  }
  await page.goto(`${url}#/health`);
  await t.axe(page, "the health of a sensor");

  await page.goto(`${url}#/overview`);
  await page.waitForSelector(".figures");
  t.assert.equal(await page.locator(".banner").count(), 0);
  process.kill(t.live.process, "SIGTERM");
  await page.waitForSelector(".banner", WAIT);
  t.assert.match(await page.locator(".banner").innerText(), /does not answer since \d\d:\d\d:\d\d \(no connection\)\. The picture below is its last, published \d{4}-/);
  t.assert.ok((await page.locator(".figures").count()) > 0, "the last picture stays");
  await page.click("#nav-map");
  await page.waitForSelector(".map");
  await t.axe(page, "a sensor that ended");
  await t.shot(page, "live-ended", { full: false });
}
