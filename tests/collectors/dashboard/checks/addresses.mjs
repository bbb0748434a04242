// An address restores the view with its choices; the browser's back takes a step back; choices that a
// reader makes are in the address.

const STATES = [
  ["#/map?lens=operator&by=out&region=europe&at=FR", { "#lens-operator": "true", "#by-out": "true" }],
  ["#/timeline?unit=flows&period=half", { "#unit-flows": "true", "#period-half": "true" }],
];

export async function check(t) {
  for (const [hash, pressed] of STATES) {
    const page = await t.open(t.fixture, hash);
    for (const [selector, state] of Object.entries(pressed)) t.assert.equal(await page.getAttribute(selector, "aria-pressed"), state, `${hash} ${selector}`);
    const before = await t.text(page);
    await page.reload();
    await page.waitForSelector("main h1");
    t.assert.equal(await t.text(page), before, `${hash} after a reload`);
  }

  const page = await t.open(t.fixture, "#/map");
  await page.click("#lens-registered");
  await page.click("#by-in");
  await page.focus("#select-at");
  await page.selectOption("#select-at", "US");
  t.assert.equal(await page.evaluate(() => location.hash), "#/map?lens=registered&by=in&at=US");
  t.assert.equal(await page.evaluate(() => document.activeElement?.id), "select-at", "the focus stays on the control");
  await page.goBack();
  await page.waitForFunction(() => location.hash === "#/map?lens=registered&by=in");
  t.assert.equal(await page.inputValue("#select-at"), "");
  // The lens travels to the next view, what belongs to the map does not.
  t.assert.equal(await page.getAttribute("#nav-overview", "href"), "#/overview?lens=registered");

  // By keyboard alone: the link to the content, navigation, a control.
  const keys = await t.open(t.fixture, "#/overview");
  await keys.keyboard.press("Tab");
  t.assert.equal(await keys.evaluate(() => document.activeElement?.className), "skip");
  await keys.focus("#nav-timeline");
  await keys.keyboard.press("Enter");
  await keys.waitForSelector(".timeline");
  t.assert.equal(await keys.evaluate(() => document.activeElement?.id), "nav-timeline");
  await keys.focus("#unit-frames");
  await keys.keyboard.press("Space");
  await keys.waitForSelector("#unit-frames[aria-pressed=true]");
  t.assert.equal(await keys.evaluate(() => document.activeElement?.id), "unit-frames");
  await keys.focus("#window");
  await keys.keyboard.press("ArrowRight");
  await keys.keyboard.press("ArrowRight");
  await keys.waitForSelector("#readout");
  t.assert.equal(await keys.evaluate(() => document.activeElement?.id), "window");

  // The switch of colours holds over a reload, and the system's wish counts again afterwards.
  await keys.click("#theme-dark");
  await keys.reload();
  await keys.waitForSelector("main h1");
  t.assert.equal(await keys.evaluate(() => document.documentElement.dataset.theme), "dark");
  await keys.click("#theme-system");
  t.assert.equal(await keys.evaluate(() => document.documentElement.dataset.theme), "light");

  const nowhere = await t.open(t.fixture, "#/nowhere");
  t.assert.match(await t.text(nowhere), /no such view/);
}
