// Tests of the page's pure modules, without a browser, by node's own runner.
//
//   node run.mjs [--modules DIR]
//
// --modules: the node_modules that esbuild is taken from (default: the page's own). Exit codes: 0 all
// hold; 1 one does not.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: { modules: { type: "string" } } });
const tests = fs.readdirSync(here).filter((name) => name.endsWith(".test.mjs")).map((name) => path.join(here, name));
const { status } = spawnSync(process.execPath, ["--test", ...tests], {
  stdio: "inherit",
  env: { ...process.env, ...(options.modules && { BORDERFLOW_PAGE_MODULES: options.modules }) },
});
process.exit(status === 0 ? 0 : 1);
