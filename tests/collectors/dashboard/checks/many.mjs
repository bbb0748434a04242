// The program's own server with a great many cells behind it: sums stay exact whatever is folded, and
// how long the first picture and each step take is printed.
import zlib from "node:zlib";

import { bytes, grouped } from "../words.mjs";
import { add, counts } from "../fixture.mjs";
import { notePicture, pictureAt, stopwatch } from "../timing.mjs";
import { views } from "./pictures.mjs";

// Rows, what has no row, and what is withheld are everything, by every count.
function adds(t, model, rows, rest, what) {
  const sum = rows.reduce(add, counts());
  for (const part of rest) if (part) add(sum, part);
  t.assert.deepEqual(sum, model.total, what);
}

function exact(t, model) {
  for (const [name, lens] of Object.entries(model.lenses)) {
    if (lens) adds(t, model, lens.pairs, [lens.other, lens.suppressed], `pairs by ${name}`);
    if (lens?.by_category) adds(t, model, lens.by_category, [lens.by_category_other, lens.by_category_suppressed], `pairs by ${name} and category`);
  }
  adds(t, model, model.streams.rows, [model.streams.other, model.streams.suppressed], "streams");
  adds(t, model, model.cells.rows, [model.cells.other, model.cells.suppressed], "cells");
  adds(t, model, model.categories, [model.categories_other, model.categories_suppressed], "categories");
  adds(t, model, Object.values(model.crossing), [], "crossings");
  for (const policy of model.policies) adds(t, model, Object.values(policy.verdicts), [policy.verdicts_suppressed], policy.pack);
}

// What goes over the wire, asked for as a browser does, and again with its tag.
async function sent(t, url) {
  const began = performance.now();
  const answer = await fetch(new URL("/api/v1/view", url), { headers: { "Accept-Encoding": "gzip" } });
  t.assert.equal(answer.headers.get("content-encoding"), "gzip");
  const text = await answer.text();
  const took = performance.now() - began;
  const again = await fetch(new URL("/api/v1/view", url), { headers: { "If-None-Match": answer.headers.get("etag") } });
  t.assert.equal(again.status, 304);
  const model = JSON.parse(text);
  t.say(`${grouped(model.cells.of)} cells of ${bytes(model.total.bytes)}: model of ${bytes(text.length)}, ${
    bytes(zlib.gzipSync(text).length)} zipped, answered in ${took.toFixed(0)} ms`);
  return model;
}

export async function check(t) {
  if (t.many.length === 0) t.say("no server with many cells was given");
  for (const { url, cells } of t.many) {
    const model = await sent(t, url);
    exact(t, model);
    t.assert.equal(model.cells.of, cells);
    const page = await t.open(undefined, "#/overview", { address: url, before: [notePicture, ".view .figures"] });
    t.say(`first picture ${(await pictureAt(page)).toFixed(0)} ms after the navigation began`);
    const time = await stopwatch(page);
    for (const view of (await views(page)).filter((name) => name !== "overview")) {
      t.say(`${view}: ${await time("hash", `#/${view}`)}`);
      t.assert.equal(await page.locator("main h1").count(), 1, view);
      await t.fits(page, `many cells, ${view}`);
    }
    for (const [view, clicks] of Object.entries({ map: ["#lens-operator", "#lens-location"], matrix: ["#unit-flows", "#unit-bytes"],
      sankey: ["#unit-flows"], table: ["#sort-flows", "#page-on"], policy: ["#part-otherwise", "#part-rules"] })) {
      await page.goto(`${url}#/${view}`);
      await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
      for (const click of clicks) {
        t.assert.equal(await page.locator(click).count(), 1, `${click} on ${view}`);
        t.say(`${view} ${click}: ${await time("click", click)}`);
      }
    }
    await page.goto(`${url}#/table`);
    await page.waitForSelector("#cells-total");
    const said = await t.text(page, "#cells-total");
    t.assert.ok(said.includes(`the largest ${grouped(model.cells.rows.length)} of ${grouped(model.cells.of)} cells; the others hold ${bytes(model.cells.other.bytes)}`), said);
  }
}
