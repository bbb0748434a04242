// The program's own server, as `borderflow view` starts it: the page under its real headers, every
// view, and the figures of the JSON report that it shows.
import { percent } from "../words.mjs";
import { views } from "./pictures.mjs";

export async function check(t) {
  if (!t.served) {
    t.say("no server of the program's was given");
    return;
  }
  const index = await fetch(t.served);
  t.assert.equal(index.status, 200);
  t.assert.match(index.headers.get("content-security-policy"), /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/);
  const answer = await fetch(new URL("/api/v1/view", t.served));
  t.assert.equal(answer.status, 200);
  const model = await answer.json();
  const { frames, bytes } = t.jsonReport.decode.ip;
  t.assert.deepEqual([model.total.frames, model.total.bytes], [frames, bytes]);
  const metrics = await (await fetch(new URL("/metrics", t.served))).text();
  t.assert.match(metrics, new RegExp(`^borderflow_captured_frames_total ${t.jsonReport.capture.frames}$`, "m"));

  const page = await t.open(undefined, "#/overview", { address: t.served });
  const text = await t.text(page);
  t.assert.ok(text.includes(model.sentence));
  for (const counts of Object.values(t.jsonReport.crossing)) t.assert.ok(text.includes(percent(counts.bytes / bytes)));
  for (const view of await views(page)) {
    await page.goto(`${t.served}#/${view}`);
    await page.waitForSelector(`nav a#nav-${view}[aria-current=page]`);
    await t.fits(page, `served, ${view}`);
  }
}
