// The page with its atlas stays small, and everything is one js and one css.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const LIMIT = 300_000;

export async function check(t) {
  const sizes = ["index.html", "page.js", "page.css"].map((name) => [name, zlib.gzipSync(fs.readFileSync(path.join(t.folder, name))).length]);
  const whole = sizes.reduce((sum, [, size]) => sum + size, 0);
  t.say(`gzip: ${sizes.map(([name, size]) => `${name} ${size}`).join(", ")}; together ${whole} of ${LIMIT} bytes`);
  t.assert.ok(whole < LIMIT, `${whole} bytes gzip`);
  t.assert.deepEqual(fs.readdirSync(t.folder).filter((f) => /\.(js|css|html)$/.test(f)).sort(), ["index.html", "page.css", "page.js"]);
}
