// Every jurisdiction can be drawn, found and chosen; arcs, colours and figures are the model's.
import fs from "node:fs";

import { bytes, percent } from "../words.mjs";

const INC = new URL("../../../../rules/jurisdiction/iso3166.inc", import.meta.url);

export async function check(t) {
  const model = t.real ?? t.fixture;
  const page = await t.open(model, "#/map");
  const codes = [...fs.readFileSync(INC, "utf8").matchAll(/^BORDERFLOW_JURISDICTION\("([A-Z]{2})"/gm)].map((m) => m[1]);
  const drawn = await page.locator(".map .place").evaluateAll((all) => all.map((e) => {
    const box = e.getBBox();
    return [e.dataset.code, box.width > 0 && box.height > 0];
  }));
  t.assert.deepEqual(drawn.map(([code]) => code).sort(), codes.slice().sort());
  t.assert.deepEqual(drawn.filter(([, visible]) => !visible), []);
  t.assert.ok(codes.length >= 249);
  t.assert.deepEqual((await page.locator("#select-at option").evaluateAll((all) => all.map((o) => o.value))).filter(Boolean).sort(), codes.slice().sort());

  // Each opens its detail when clicked: dispatched to the shape, since small ones lie under others.
  for (const code of ["SG", "HK", "MT", "MU", "XK", "AQ", "VA", "TV", "DE", "US"]) {
    await page.goto(`${t.server.url}#/map`);
    await page.waitForSelector(".map");
    await page.dispatchEvent(`.map [data-code=${code}]`, "click");
    await page.waitForFunction((c) => location.hash.includes(`at=${c}`), code);
    t.assert.equal(await page.locator(".side h2").count(), 1, code);
  }

  for (const lens of ["location", "registered", "operator"]) {
    const measured = model.lenses[lens];
    await page.goto(`${t.server.url}#/map?lens=${lens}`);
    await page.waitForSelector(`#lens-${lens}[aria-pressed=true]`);
    if (!measured) {
      t.assert.match(await t.text(page), /nothing was measured/);
      continue;
    }
    // The table has every code of the lens, specials and strange ones too, with its sums.
    const sums = new Map();
    const of = (code) => sums.get(code) ?? sums.set(code, { out: 0, in: 0, within: 0 }).get(code);
    for (const pair of measured.pairs) {
      if (pair.src === pair.dst) of(pair.src).within += pair.bytes;
      else {
        of(pair.src).out += pair.bytes;
        of(pair.dst).in += pair.bytes;
      }
    }
    await page.locator("#map-table-details").evaluate((d) => { d.open = true; });
    const rows = await page.locator("#map-table tbody tr").evaluateAll((all) => all.map((r) => [...r.cells].map((c) => c.textContent)));
    const expected = [...sums.values()].map((f) => [f.out, f.in, f.within].map(bytes).concat(percent((f.out + f.in + f.within) / model.total.bytes)).join(" | "));
    t.assert.deepEqual(rows.map((r) => r.slice(1).join(" | ")).sort(), expected.sort(), lens);
    const arcs = await page.locator(".map .arc").evaluateAll((all) => all.map((a) => a.dataset.pair));
    const largest = measured.pairs.filter((p) => p.src !== p.dst && codes.includes(p.src) && codes.includes(p.dst)).slice(0, 40).map((p) => `${p.src}-${p.dst}`);
    t.assert.deepEqual(arcs, largest, lens);
  }
  for (const name of ["registered", "operator"]) {
    const { bytes: differs, comparable_bytes: whole } = model.disagreement[name];
    if (whole > 0) t.assert.ok((await t.text(page, ".disagreement")).includes(percent(differs / whole)), name);
  }
  const detail = await t.open(model, "#/map?at=DE");
  const within = model.lenses.location.pairs.find((p) => p.src === "DE" && p.dst === "DE")?.bytes ?? 0;
  t.assert.ok((await t.text(detail, ".side")).includes(`${bytes(within)}, ${percent(within / model.total.bytes)}`));
  await t.axe(detail, "detail of a jurisdiction");
  await t.shot(detail, "map-detail");
  const europe = await t.open(model, "#/map?region=europe&by=in");
  await t.shot(europe, "map-europe");

  // Files: the picture stands alone, the figures are all there.
  const svg = await saved(europe, "#map-svg");
  t.assert.match(svg, /^(<\?xml[^>]*>\s*)?<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  t.assert.doesNotMatch(svg, /class=|var\(|<script|https?:\/\/(?!www\.w3\.org)/);
  const lines = (await saved(europe, "#map-csv")).trim().split("\r\n");
  t.assert.equal(lines[0], "Jurisdiction,Sends to others,Receives from others,Stays inside,Share of all bytes");
  t.assert.equal(lines.length - 1, new Set(model.lenses.location.pairs.map((p) => p.dst)).size);
}

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  return fs.readFileSync(await download.path(), "utf8");
}
