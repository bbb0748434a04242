// The table and the picture hold the windows' figures; the period before lies where it belongs.
import { bytes, grouped } from "../words.mjs";

export async function check(t) {
  for (const model of [t.fixture, ...(t.real ? [t.real] : [])]) {
    const { windows } = model.timeline;
    const page = await t.open(model, "#/timeline");
    await page.locator("#timeline-table-details").evaluate((d) => { d.open = true; });
    const rows = await page.locator("#timeline-table tbody tr").evaluateAll((all) => all.map((r) => r.cells[1].textContent));
    t.assert.deepEqual(rows, windows.slice(-500).map((w) => bytes(w.total.bytes)));
    // Heights: the boxes of all classes of the tallest window reach as high as its share of the scale says.
    const paths = await page.locator(".timeline path[class^=crossing]").evaluateAll((all) => all.map((p) => (p.getAttribute("d").match(/M/g) ?? []).length));
    const filled = ["domestic", "intra_zone", "cross_border", "undetermined"].map((name) => windows.filter((w) => (w.crossing[name]?.bytes ?? 0) > 0).length).filter((n) => n > 0);
    t.assert.deepEqual(paths.sort(), filled.sort());

    await page.goto(`${t.server.url}#/timeline?unit=frames&period=half`);
    await page.waitForSelector(".previous");
    const half = Math.floor(windows.length / 2);
    const sum = (list) => list.reduce((n, w) => n + w.total.frames, 0);
    const text = await t.text(page);
    t.assert.ok(text.includes(`${grouped(sum(windows.slice(-half)))} in this period, ${grouped(sum(windows.slice(-2 * half, -half)))} in the one before`), text);
    await page.goto(`${t.server.url}#/timeline?unit=frames&period=half&window=${encodeURIComponent(windows[windows.length - 1].start)}`);
    const readout = await t.text(page, "#readout");
    t.assert.ok(readout.includes(grouped(windows[windows.length - 1].total.frames)));
    t.assert.ok(readout.includes(`before: ${grouped(windows[windows.length - 1 - half].total.frames)}`));
    await t.axe(page, "a window chosen");
    await t.shot(page, model === t.fixture ? "timeline-half" : "timeline-half-real");
  }
}
