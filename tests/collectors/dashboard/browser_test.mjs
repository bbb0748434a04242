// The page in a real browser: every view, on a model made up here and, if given, on a real one.
//
//   node browser_test.mjs --page DIR [--model VIEW.json] [--report FILE.html] [--json REPORT.json] [--served URL] [--many "URL CELLS"]...
//                         [--live "URL PROCESS"] [--shots DIR] [--modules DIR] [--only NAME,...]
//
// --page: the folder that build.mjs wrote. --model: a picture model; without it the one in --report.
// --json: the JSON report of the same traffic, whose totals must be the page's. --served: where the
// program itself serves that report; --many: another one, with so many cells; --live: a running sensor.
// Checks are the files checks/*.mjs and views/*.mjs beside this one; each exports `check(t)`, see
// harness.mjs. Exit codes: 0 all hold; 1 one does not; 77 the
// browser or a package is missing (ctest shows it as skipped, with the reason).
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { harness, Missing } from "./harness.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    page: { type: "string", default: path.join(here, "../../../collectors/dashboard/page/dist") },
    modules: { type: "string", default: path.join(here, "../../../collectors/dashboard/page/node_modules") },
    model: { type: "string" }, report: { type: "string" }, json: { type: "string" }, served: { type: "string" }, many: { type: "string", multiple: true }, live: { type: "string" },
    shots: { type: "string" }, only: { type: "string" },
  },
});

const checks = ["checks", "views"].flatMap((folder) => {
  const at = path.join(here, folder);
  return fs.existsSync(at) ? fs.readdirSync(at).filter((f) => f.endsWith(".mjs")).sort().map((f) => path.join(at, f)) : [];
}).filter((file) => !options.only || options.only.split(",").includes(path.basename(file, ".mjs")));

let t;
try {
  t = await harness(options);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.log(`SKIPPED: ${error.message}`);
  process.exit(77);
}

let failed = checks.length === 0 ? 1 : 0;
for (const file of checks) {
  const name = path.relative(here, file);
  const began = Date.now();
  try {
    await (await import(pathToFileURL(file))).check(t);
    t.settle();
    console.log(`ok      ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    ++failed;
    console.log(`FAILED  ${name}: ${error.stack ?? error}`);
    t.forget();
  }
}
await t.close();
console.log(failed === 0 ? `${checks.length} checks hold` : `${failed} of ${checks.length} checks do not hold`);
process.exit(failed === 0 ? 0 : 1);
