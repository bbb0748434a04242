// Sensor health shows every counter of the model.
import { model as fixture } from "../fixture.mjs";
import { grouped } from "../words.mjs";

export async function check(t) {
  const live = fixture({ kind: "live" });
  const page = await t.open(live, "#/health");
  const text = await t.text(page);
  for (const [reason, frames] of Object.entries(live.health.dropped)) t.assert.match(text, new RegExp(`${reason}\\s+${grouped(frames)}`));
  for (const worker of live.health.workers) t.assert.ok(text.includes(grouped(worker.frames)));
  for (const { name, sent, lost } of live.health.exporters) {
    const row = await page.locator("#exporters tr", { hasText: name }).innerText();
    t.assert.ok(row.includes(grouped(sent)) && row.includes(grouped(lost)), row);
  }
  for (const database of live.health.databases) t.assert.ok(text.includes(database.sha256));
  t.assert.match(await page.locator("#packs tr", { hasText: "eu-gdpr-v" }).innerText(), /stale/);
  t.assert.match(text, /1\.1 years old/);
  await t.shot(page, "health-live");
  if (t.real) {
    const words = await t.text(await t.open(t.real, "#/health"));
    for (const capture of t.real.provenance.captures) t.assert.ok(words.includes(capture.sha256));
    t.assert.ok(words.includes(t.real.provenance.command));
  }
}
