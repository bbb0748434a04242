// Every view, light and dark, on a desk and on a phone: clean for axe-core, no wider than the screen,
// with a heading; screenshots for the eye.

export async function views(page) {
  return page.locator("nav a").evaluateAll((links) => links.map((a) => a.id.replace(/^nav-/, "")));
}

export async function check(t) {
  const model = t.real ?? t.fixture;
  for (const phone of [false, true]) {
    for (const dark of [false, true]) {
      const page = await t.open(model, "", { phone, dark, reduced: true });
      for (const view of await views(page)) {
        await page.goto(`${t.server.url}#/${view}`);
        await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
        const what = `${view}-${phone ? "phone" : "desk"}-${dark ? "dark" : "light"}`;
        t.assert.equal(await page.locator("main h1").count(), 1, what);
        await t.fits(page, what);
        // Colours are the same on a phone, and its layout the same in the dark.
        if (!(phone && dark)) await t.axe(page, what);
        await t.shot(page, what);
      }
    }
  }
}
