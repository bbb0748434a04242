// How long the first picture and an interaction take with as many rows as the schema allows. Figures
// for the eye, not a limit: the machine of a test is not the machine of a reader.
import { large } from "../fixture.mjs";
import { views } from "./pictures.mjs";

export async function check(t) {
  const first = await t.open(t.fixture, "#/map");
  const codes = await first.locator("#select-at option").evaluateAll((all) => all.map((o) => o.value).filter(Boolean));
  const model = large(codes);
  t.assert.equal(model.lenses.location.pairs.length, 2000);
  t.assert.equal(model.streams.rows.length, 5000);
  const raw = JSON.stringify(model).length;
  const page = await t.open(model, "#/overview");
  const painted = await page.evaluate(() => performance.getEntriesByType("paint").find((e) => e.name === "first-contentful-paint")?.startTime ?? NaN);
  const drawn = await page.evaluate(() => performance.now());
  t.say(`model of ${(raw / 1e6).toFixed(1)} MB (2,000 pairs, 5,000 streams, 2,000 cells): first paint ${painted.toFixed(0)} ms, overview drawn before ${drawn.toFixed(0)} ms`);
  const took = {};
  for (const view of (await views(page)).filter((name) => name !== "overview")) {
    // From the change of the address to the next frame after it.
    took[view] = await page.evaluate((name) => new Promise((done) => {
      const began = performance.now();
      location.hash = `#/${name}`;
      window.addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))), { once: true });
    }), view);
    t.assert.equal(await page.locator("main h1").count(), 1, view);
  }
  t.say(`change of view: ${Object.entries(took).map(([view, ms]) => `${view} ${ms.toFixed(0)} ms`).join(", ")}`);
  await page.goto(`${t.server.url}#/map`);
  await page.waitForSelector(".map");
  const steps = [];
  for (const id of ["#lens-operator", "#by-in", "#lens-registered", "#by-both", "#lens-location"]) {
    steps.push(await page.evaluate((selector) => new Promise((done) => {
      const began = performance.now();
      document.querySelector(selector).click();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    }), id));
  }
  t.say(`a choice on the map: ${steps.map((ms) => `${ms.toFixed(0)} ms`).join(", ")}`);
}
