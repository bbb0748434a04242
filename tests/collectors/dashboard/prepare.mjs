// Gets the page ready for the browser test: its packages with those that only tests need, its types
// checked, its bundle built. Everything is below --work; the packages are installed once for each
// lock file.
//
//   node prepare.mjs --work DIR [--npm npm]
//
// Then --work holds modules/node_modules and page/. Exit codes: 0 done; 1 the sources do not pass the
// type check or do not bundle; 77 the packages are not to be had (no npm, no network).
import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const project = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../collectors/dashboard/page");
const { work, npm } = parseArgs({ options: { work: { type: "string" }, npm: { type: "string", default: "npm" } } }).values;
if (!work) {
  console.error("prepare.mjs: --work DIR is missing");
  process.exit(2);
}
const modules = path.join(path.resolve(work), "modules");
const run = (command, options) => spawnSync(command[0], command.slice(1), { encoding: "utf8", ...options });

fs.mkdirSync(modules, { recursive: true });
const lock = crypto.createHash("sha256").update(fs.readFileSync(path.join(project, "package-lock.json"))).digest("hex");
const stamp = path.join(modules, "installed");
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== lock) {
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) fs.copyFileSync(path.join(project, file), path.join(modules, file));
  const installed = run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], { cwd: modules, timeout: 240_000 });
  if (installed.status !== 0) {
    const said = installed.error?.message ?? installed.stderr.trim().split("\n").pop();
    console.log(`SKIPPED: npm ci did not get the packages (${said}): it wants npm and a package registry, once`);
    process.exit(77);
  }
  fs.writeFileSync(stamp, lock);
}

// The compiler looks for types beside what it compiles: so it is given the place where they are.
const types = path.join(modules, "node_modules/@types");
const config = { extends: path.join(project, "tsconfig.json"), include: [path.join(project, "src")],
  compilerOptions: { baseUrl: modules, typeRoots: [types], paths: { "*": ["node_modules/@types/*", "node_modules/*"] } } };
const tsconfig = path.join(path.resolve(work), "tsconfig.json");
fs.writeFileSync(tsconfig, JSON.stringify(config));
for (const command of [
  [process.execPath, path.join(modules, "node_modules/typescript/bin/tsc"), "-p", tsconfig],
  [process.execPath, path.join(project, "build.mjs"), "--modules", path.join(modules, "node_modules"), "--out", path.join(path.resolve(work), "page")],
]) {
  const done = run(command, {});
  process.stdout.write(done.stdout + done.stderr);
  if (done.status !== 0) process.exit(1);
}
