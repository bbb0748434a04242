// How long the first picture and an interaction take with as many rows as the schema allows. Figures
// for the eye, not a limit: the machine of a test is not the machine of a reader. Beside the time that
// passed stands the processor's own, which does not count what else the machine was doing.
import { large } from "../fixture.mjs";
import { views } from "./pictures.mjs";

async function measured(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value * 1000;
  // From a change to the second frame after it: then it is on the screen.
  return async (change, argument) => {
    const before = await busy();
    const passed = await page.evaluate(({ body, value }) => new Promise((done) => {
      const began = performance.now();
      if (body === "hash") location.hash = value;
      else document.querySelector(value).click();
      const seen = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
      if (body === "hash") window.addEventListener("hashchange", seen, { once: true });
      else seen();
    }), { body: change, value: argument });
    return `${passed.toFixed(0)} ms (${((await busy()) - before).toFixed(0)} of the processor)`;
  };
}

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
  const time = await measured(page);
  for (const view of (await views(page)).filter((name) => name !== "overview")) {
    t.say(`${view}: ${await time("hash", `#/${view}`)}`);
    t.assert.equal(await page.locator("main h1").count(), 1, view);
  }
  await page.goto(`${t.server.url}#/map`);
  await page.waitForSelector(".map");
  for (const id of ["#lens-operator", "#by-in", "#lens-location"]) t.say(`${id} on the map: ${await time("click", id)}`);
}
