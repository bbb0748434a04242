// What a check is given. `t.open(model, "#/map?lens=operator", {phone, dark, ...})` gives a
// playwright page on a server of its own kind; whatever goes wrong in the browser meanwhile (console
// errors, exceptions, requests to another host, planted script that ran) fails the check.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { model as fixture } from "./fixture.mjs";
import { serve } from "./server.mjs";

export class Missing extends Error {}

const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

function chromium() {
  const named = process.env.BORDERFLOW_CHROMIUM;
  const places = [named, ...(process.env.PATH ?? "").split(":").flatMap((p) => [path.join(p, "chromium"), path.join(p, "chromium-browser")])];
  const found = places.find((file) => file && fs.existsSync(file));
  if (!found) throw new Missing("no chromium on the path: apt-get install chromium (or name one in BORDERFLOW_CHROMIUM)");
  return found;
}

// The picture model that a one-file report embeds.
export function modelIn(html) {
  const match = /<script type="application\/json" id="view">([\s\S]*?)<\/script>/.exec(html);
  if (!match) throw new Error("the report embeds no model");
  return JSON.parse(match[1]);
}

export async function harness({ page: folder, modules, model: modelFile, report, json, served, many, live, shots }) {
  if (!fs.existsSync(path.join(folder, "page.js"))) {
    throw new Missing(`no page.js in ${folder}: run npm ci --ignore-scripts and node build.mjs in collectors/dashboard/page`);
  }
  const executablePath = chromium();
  let playwright;
  let axe;
  try {
    const require = createRequire(path.join(path.resolve(modules), "from-here.js"));
    playwright = require("playwright-core");
    axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  } catch (error) {
    throw new Missing(`playwright-core and axe-core are not in ${modules} (${error.code}): run npm ci --ignore-scripts in collectors/dashboard/page`);
  }
  if (shots) fs.mkdirSync(shots, { recursive: true });
  const server = await serve(folder);
  // A browser run by root has no sandbox; the page under test is ours.
  const browser = await playwright.chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  let troubles = [];
  let contexts = [];

  const t = {
    assert, browser, server, folder, reportFile: report ?? null, served: served ?? null,
    // "URL PROCESS": a running sensor, which a check may end.
    live: live ? { url: live.split(" ")[0], process: Number(live.split(" ")[1]) } : null,
    // "URL CELLS": servers of the program's, and how many cells each has behind it.
    many: (many ?? []).map((said) => ({ url: said.split(" ")[0], cells: Number(said.split(" ")[1]) })),
    fixture: fixture(),
    real: modelFile ? JSON.parse(fs.readFileSync(modelFile, "utf8")) : report ? modelIn(fs.readFileSync(report, "utf8")) : null,
    jsonReport: json ? JSON.parse(fs.readFileSync(json, "utf8")) : null,
    // Messages that a check provokes: {expect: /regex/} silences matching console errors of this page.
    async open(model, hash = "", { phone = false, dark = false, reduced = false, expect = null, address = null, javascript = true, before = null } = {}) {
      if (model !== undefined) {
        server.state.view = model;
        ++server.state.revision;
      }
      const context = await browser.newContext({ viewport: phone ? PHONE : DESKTOP, colorScheme: dark ? "dark" : "light",
        reducedMotion: reduced ? "reduce" : "no-preference", isMobile: phone, hasTouch: phone, deviceScaleFactor: phone ? 2 : 1,
        javaScriptEnabled: javascript, locale: "en-GB", timezoneId: "Asia/Tokyo" });
      contexts.push(context);
      const page = await context.newPage();
      const own = address ?? server.url;
      const origin = own.replace(/#.*/, "");
      const trouble = (text) => { if (!expect?.test(text)) troubles.push(text); };
      page.on("console", (message) => { if (["error", "warning"].includes(message.type())) trouble(`console: ${message.text()}`); });
      page.on("pageerror", (error) => trouble(`exception: ${error.message}`));
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) trouble(`request to ${url}`);
      });
      if (before) await page.addInitScript(...before);
      await page.goto(own + hash);
      if (javascript && !expect) await page.waitForSelector("main .view > *:nth-child(2), main .nothing");
      return page;
    },
    async shot(page, name, { full = true } = {}) {
      if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: full });
    },
    // axe-core on the page as it stands: every rule but those of a whole site's design.
    async axe(page, what) {
      await page.evaluate(axe).catch(async () => {
        // The policy forbids eval in the page; the debugger's own world is not bound by it.
        throw new Error("axe-core could not be loaded");
      });
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`), [], `axe-core on ${what}`);
    },
    // No part of the page may be wider than the screen, but what scrolls by itself.
    async fits(page, what) {
      const { width } = page.viewportSize();
      const excess = await page.evaluate((screen) => document.documentElement.scrollWidth - screen, width);
      assert.ok(excess <= 0, `${what} is ${excess} px wider than the screen`);
    },
    // Opens what is folded away.
    async unfold(page, details, summary) {
      await page.click(summary);
      await page.waitForSelector(`${details}[open]`);
    },
    // A line for the log: figures that are no pass or fail.
    say: (line) => console.log(`        ${line}`),
    text: (page, selector = "main") => page.locator(selector).innerText(),
    settle() {
      const found = troubles;
      t.forget();
      assert.deepEqual(found, [], "the browser complained");
    },
    forget() {
      troubles = [];
      for (const context of contexts) void context.close().catch(() => {});
      contexts = [];
      Object.assign(server.state, { token: null, status: 200, files: {}, asked: [] });
    },
    async close() {
      await browser.close();
      await server.stop().catch(() => {});
    },
  };
  return t;
}
