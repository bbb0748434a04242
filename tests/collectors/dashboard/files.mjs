// What a click on a tool of the page saves, as text; and what every picture's file must be.
import fs from "node:fs";

export async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return { name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), "utf8") };
}

// A picture that stands alone: no class, script, style sheet, handler or outside reference; drawn by
// the browser as an image.
export async function checkSvg(t, page, file) {
  t.assert.match(file.name, /^borderflow-[a-z]+-[0-9TZ-]+\.svg$/);
  t.assert.match(file.text, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg /);
  const found = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, "image/svg+xml");
    const all = [...document.querySelectorAll("*")];
    return {
      error: document.querySelector("parsererror")?.textContent ?? null,
      tags: [...new Set(all.map((e) => e.localName))],
      attributes: [...new Set(all.flatMap((e) => [...e.attributes].map((a) => a.name)))],
      references: all.flatMap((e) => [...e.attributes].map((a) => a.value).filter((v) => /url\(|:\/\//.test(v)))
        .filter((v) => !/^url\(["']?#/.test(v) && v !== "http://www.w3.org/2000/svg"),
      lost: all.flatMap((e) => [...e.attributes].map((a) => /url\(["']?#([^"')]+)/.exec(a.value)?.[1]).filter(Boolean)).filter((id) => !document.getElementById(id)),
      shapes: all.filter((e) => /^(rect|path|text)$/.test(e.localName)).length,
    };
  }, file.text);
  t.assert.equal(found.error, null);
  t.assert.deepEqual(found.tags.filter((tag) => /script|foreignObject|style|image|a$/i.test(tag)), []);
  t.assert.deepEqual(found.attributes.filter((name) => /^(class|style|on.*|tabindex|aria-.*|href)$/.test(name)), []);
  t.assert.deepEqual(found.references, []);
  t.assert.deepEqual(found.lost, []);
  t.assert.ok(found.shapes > 3, "a picture has shapes");
  return found;
}

// A reader of RFC 4180 by the letter.
export function readCsv(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; ++i) {
    const [letter, row] = [text[i], rows.at(-1)];
    if (quoted && letter === '"' && text[i + 1] === '"') row[row.length - 1] += text[++i];
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ",") row.push("");
    else if (!quoted && letter === "\r" && text[i + 1] === "\n") { rows.push([""]); ++i; }
    else row[row.length - 1] += letter;
  }
  rows.pop();
  return rows;
}

// What a check of numbers asks of every view: nothing planted ran, and the name is there to be read.
export async function harmless(t, page, what) {
  t.assert.equal(await page.evaluate(() => window.planted), undefined, `${what}: a planted script ran`);
  t.assert.equal(await page.locator("main script, main img").count(), 0, `${what}: a name became markup`);
}

// Processor time in ms that the page's thread spends on one click, drawing included: what a busy
// machine does not distort. The mean of ten clicks on `ids` in turn.
export async function cost(page, ids) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value;
  const before = await spent();
  await page.evaluate((clicked) => {
    for (let k = 0; k < 10; ++k) {
      document.getElementById(clicked[k % clicked.length]).click();
      document.body.getBoundingClientRect();
    }
  }, ids);
  return `${(100 * ((await spent()) - before)).toFixed(0)} ms of processor time`;
}
