// The one-file report, opened from disk: the pictures with scripts, text and tables without, no request
// of any kind, printable. Without a report of the command's, one is put together here from the page.
import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { percent } from "../words.mjs";
import { views } from "./pictures.mjs";

const LIMIT = 2_000_000;

function assembled(t) {
  const js = fs.readFileSync(path.join(t.folder, "page.js"), "utf8");
  const css = fs.readFileSync(path.join(t.folder, "page.css"), "utf8");
  const digest = (text) => `'sha256-${crypto.createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${digest(js)}; style-src ${digest(css)}; img-src data:`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>borderflow</title><style>${css}</style></head><body><div id="app"></div>` +
    `<div id="static"><h1>Report</h1><p class="lead">${t.fixture.sentence}</p></div>` +
    `<script type="application/json" id="view">${JSON.stringify(t.fixture).replace(/</g, "\\u003c")}</script><script>${js}</script></body></html>`;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "borderflow-page-"));
  fs.writeFileSync(path.join(folder, "report.html"), html);
  return { file: path.join(folder, "report.html"), model: t.fixture, done: () => fs.rmSync(folder, { recursive: true }) };
}

export async function check(t) {
  const report = t.reportFile ? { file: t.reportFile, model: t.real, done: () => {} } : assembled(t);
  const { model } = report;
  const address = pathToFileURL(report.file).href;
  const size = fs.statSync(report.file).size;
  t.say(`one-file report: ${size} bytes`);
  t.assert.ok(size < LIMIT);
  for (const phone of [false, true]) {
    const page = await t.open(undefined, "", { address, phone });
    for (const view of await views(page)) {
      await page.goto(`${address}#/${view}`);
      await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
      await t.fits(page, `report, ${view}`);
    }
    t.assert.equal(await page.locator("#static").isVisible(), false, "the text waits for paper");
    await page.goto(`${address}#/overview`);
    await page.waitForSelector(".figures");
    await t.axe(page, "report");
    if (!phone) {
      await t.shot(page, "report-desk");
      const pdf = await page.pdf({ format: "A4" });
      t.assert.ok(pdf.length > 20_000, "printed");
      await page.emulateMedia({ media: "print" });
      t.assert.equal(await page.locator("#static").isVisible(), true, "the text is printed");
      t.assert.equal(await page.locator("nav").first().isVisible(), false, "the navigation is not");
      await t.shot(page, "report-print");
    }
  }
  // Readers without scripts have the text and the figures.
  const plain = await t.open(undefined, "", { address, javascript: false });
  const text = await plain.locator("body").innerText();
  t.assert.ok(text.includes(model.sentence), "the sentence");
  if (t.reportFile) {
    for (const counts of Object.values(model.crossing)) t.assert.ok(text.includes(percent(counts.bytes / model.total.bytes)));
    for (const capture of model.provenance.captures) t.assert.ok(text.includes(capture.sha256), "a capture's digest");
    t.assert.ok(text.includes(model.provenance.command), "the command");
  }
  await t.fits(plain, "report without scripts");
  await t.shot(plain, "report-plain");
  await t.shot(await t.open(undefined, "", { address, javascript: false, phone: true, dark: true }), "report-plain-phone-dark");
  report.done();

  // The picture's totals are the JSON report's of the same traffic.
  if (t.jsonReport) {
    for (const [name, counts] of Object.entries(t.jsonReport.crossing)) t.assert.deepEqual(model.crossing[name], counts, name);
    const { frames, bytes } = t.jsonReport.decode.ip;
    t.assert.deepEqual([model.total.frames, model.total.bytes], [frames, bytes]);
  }
}
