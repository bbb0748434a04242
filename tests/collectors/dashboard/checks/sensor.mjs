// The page against a living sensor: a token, nothing published yet, a new publication, silence, return.
import { model as fixture } from "../fixture.mjs";

const DENIED = /401|503|ERR_CONNECTION_REFUSED|Failed to load resource|ERR_/;

export async function check(t) {
  const { state } = t.server;
  const live = fixture({ kind: "live" });
  const next = fixture({ kind: "live", seed: 2 });
  next.sentence = "A second publication.";

  // A token is asked for, a wrong one refused, the right one opens; it is kept nowhere.
  state.token = "right";
  let page = await t.open(live, "#/map", { expect: DENIED });
  await page.waitForSelector("#token");
  await t.axe(page, "the form for a token");
  await page.fill("#token", "wrong");
  await page.press("#token", "Enter");
  await page.waitForFunction(() => document.body.innerText.includes("refused"));
  await page.fill("#token", "right");
  await page.click("#token-send");
  await page.waitForSelector(".map");
  t.assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, location.href.includes("right")]),
    [[], [], "", false]);
  state.token = null;
  await page.close();

  // Nothing published yet: the reason, then the picture by itself.
  state.status = 503;
  page = await t.open(live, "", { expect: DENIED });
  await page.waitForFunction(() => document.body.innerText.includes("the first period ends in 40 s"));
  await page.clock.install();
  state.status = 200;
  await page.reload();
  await page.waitForSelector(".figures");

  // Asked again with its tag; a new publication replaces the figures and leaves the reader's place.
  await page.goto(`${t.server.url}#/overview`);
  state.asked.length = 0;
  await page.clock.fastForward(6_000);
  await until(() => state.asked.some((a) => a.path === "/api/v1/view" && a.tag !== null));
  state.view = next;
  ++state.revision;
  await page.clock.fastForward(6_000);
  await page.waitForFunction(() => document.body.innerText.includes("A second publication."));

  // The sensor stops: a banner says since when, the last picture stays; it comes back.
  await t.server.stop();
  await page.clock.fastForward(6_000);
  await page.waitForSelector(".banner");
  const banner = await page.locator(".banner").innerText();
  t.assert.match(banner, /does not answer since \d\d:\d\d:\d\d/);
  t.assert.ok((await t.text(page)).includes("A second publication."), "the last picture stays");
  await t.axe(page, "the banner");
  await t.shot(page, "sensor-silent", { full: false });
  await t.server.again();
  await page.clock.fastForward(6_000);
  await page.waitForFunction(() => document.querySelector(".banner") === null);
}

async function until(test) {
  while (!test()) await new Promise((done) => setTimeout(done, 20));
}
