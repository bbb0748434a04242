// Names from traffic are text everywhere: what looks like markup shows as written, and nothing runs.
import { HOSTILE, HOSTILE_ATTRIBUTE, model as fixture } from "../fixture.mjs";
import { views } from "./pictures.mjs";

// Every string value of a model, but keys that steer the page, becomes hostile.
const KEPT = new Set(["schema", "kind", "start", "first", "last", "published", "next", "build_time", "as_of"]);
function poisoned(value, key = "") {
  if (typeof value === "string") return KEPT.has(key) ? value : `${value}${HOSTILE}${HOSTILE_ATTRIBUTE}`;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poisoned(v, k)]));
  return value;
}

async function walk(t, model, what, shown) {
  const page = await t.open(model);
  for (const view of await views(page)) {
    await page.goto(`${t.server.url}#/${view}`);
    await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
    const planted = await page.evaluate(() => ({ ran: window.planted ?? null,
      elements: document.querySelectorAll("main script, main img, main iframe, main [onerror], main [style*=expression]").length }));
    t.assert.deepEqual(planted, { ran: null, elements: 0 }, `${what}, ${view}`);
  }
  await page.goto(`${t.server.url}#/overview`);
  if (shown) t.assert.ok((await t.text(page)).includes("<script>window.planted = 1</script>".slice(1)), `${what}: the name is shown as written`);
  // The address is the reader's, and may be anybody's: it is text too.
  for (const hash of [`#/${HOSTILE}`, `#/map?at=${encodeURIComponent(HOSTILE_ATTRIBUTE)}&lens=${encodeURIComponent(HOSTILE)}`,
    `#/timeline?period=%3Cscript%3E&window=${encodeURIComponent(HOSTILE)}`, "#/map?at=%E0%A4%A", "#/__proto__?lens=constructor&by=toString&region=__proto__"]) {
    await page.goto(`${t.server.url}${hash}`);
    await page.waitForFunction(() => document.querySelector("main h1") !== null);
    t.assert.equal(await page.evaluate(() => window.planted ?? null), null, hash);
  }
}

export async function check(t) {
  const planted = fixture({ hostile: true });
  await walk(t, planted, "planted names", true);
  await walk(t, poisoned(t.real ?? t.fixture), "every string", true);
}
