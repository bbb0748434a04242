// How long the first picture and an interaction take with as many rows as the schema allows.
import { large } from "../fixture.mjs";
import { stopwatch } from "../timing.mjs";
import { views } from "./pictures.mjs";

export async function check(t) {
  const first = await t.open(t.fixture, "#/map");
  const codes = await first.locator("#select-at option").evaluateAll((all) => all.map((o) => o.value).filter(Boolean));
  const model = large(codes);
  t.assert.equal(model.lenses.location.pairs.length, 2000);
  t.assert.equal(model.streams.rows.length, 5000);
  const began = Date.now();
  const page = await t.open(model, "#/overview");
  const drawn = Date.now() - began;
  const painted = await page.evaluate(() => performance.getEntriesByType("paint").find((e) => e.name === "first-contentful-paint")?.startTime ?? NaN);
  t.say(`model of ${(JSON.stringify(model).length / 1e6).toFixed(1)} MB (2,000 pairs, 5,000 streams, 2,000 cells): first paint ${
    painted.toFixed(0)} ms, overview there ${drawn} ms after the browser's context was asked for`);
  const time = await stopwatch(page);
  for (const view of (await views(page)).filter((name) => name !== "overview")) {
    t.say(`${view}: ${await time("hash", `#/${view}`)}`);
    t.assert.equal(await page.locator("main h1").count(), 1, view);
  }
  await page.goto(`${t.server.url}#/map`);
  await page.waitForSelector(".map");
  for (const id of ["#lens-operator", "#by-in", "#lens-location"]) t.say(`${id} on the map: ${await time("click", id)}`);
}
