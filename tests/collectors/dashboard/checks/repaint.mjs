// A click that is under way when something is drawn anew still counts: a new publication, a filter
// whose change comes with the loss of the focus, a slider that is dragged.
import { model as fixture } from "../fixture.mjs";

async function published(t, page, sentence) {
  t.server.state.view = { ...fixture({ kind: "live" }), sentence };
  ++t.server.state.revision;
  const before = t.server.state.asked.length;
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/view") && answer.status() === 200);
  await page.clock.fastForward(6_000);
  await answered;
  t.assert.ok(t.server.state.asked.length > before);
}

const shows = (page, sentence) => page.waitForFunction((text) => document.querySelector(".sentence, .lead")?.textContent.includes(text), sentence);

export async function check(t) {
  const page = await t.open(fixture({ kind: "live" }), "#/overview");
  await page.clock.install();
  await page.reload();
  await page.waitForSelector(".figures");

  // With the mouse: pressed, drawn anew (or it would be), let go.
  const box = await page.locator("#nav-matrix").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator("#nav-matrix").evaluate((link) => { window.pressed = link; });
  await page.mouse.down();
  await published(t, page, "The second publication.");
  t.assert.equal(await page.evaluate(() => window.pressed.isConnected), true, "what is pressed stays");
  await page.mouse.up();
  await page.waitForSelector("#nav-matrix[aria-current=page]");
  await page.goto(`${t.server.url}#/overview`);
  await shows(page, "The second publication.");

  // Nothing is pressed: it is drawn at once.
  await published(t, page, "The third publication.");
  await shows(page, "The third publication.");

  // By keyboard: Space goes down on one button and comes up on the same.
  await page.focus("#theme-dark");
  await page.keyboard.down("Space");
  await published(t, page, "The fourth publication.");
  await page.keyboard.up("Space");
  await page.waitForSelector("html[data-theme=dark]");
  await shows(page, "The fourth publication.");

  // A press that is drawn away from its button ends as well.
  await page.locator("#theme-light").hover();
  await page.mouse.down();
  await page.mouse.move(5, 400);
  await published(t, page, "The fifth publication.");
  await page.mouse.up();
  await shows(page, "The fifth publication.");

  // A field that is left changes the address, and with it the page, under the click that left it.
  const cells = await t.open(t.fixture, "#/table");
  await t.unfold(cells, "#filters", "#filters-summary");
  await cells.focus("#filter-flows-least");
  await cells.keyboard.type("2");
  await cells.click("#sort-flows");
  await cells.waitForFunction(() => location.hash.includes("flows=2..") && location.hash.includes("sort=-flows"));
  t.assert.match(await t.text(cells, ".chips"), /Flows at least 2/);

  // The slider may be dragged over many windows.
  const times = await t.open(t.fixture, "#/timeline");
  const slider = await times.locator("#window").boundingBox();
  const y = slider.y + slider.height / 2;
  await times.mouse.move(slider.x + 8, y);
  await times.mouse.down();
  for (let step = 1; step <= 20; ++step) await times.mouse.move(slider.x + 8 + (step * (slider.width - 16)) / 20, y);
  await times.mouse.up();
  const last = t.fixture.timeline.windows.at(-1).start;
  await times.waitForFunction((start) => new URLSearchParams(location.hash.split("?")[1]).get("window") === start, last);
  await times.waitForSelector("#readout");
}
