// Pure modules of the page for node's test runner: bundled by esbuild, which the page is built with.
//
// BORDERFLOW_PAGE_MODULES names the node_modules to take esbuild from (default: the page's own).
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const page = path.join(here, "../../../../collectors/dashboard/page");
const modules = path.resolve(process.env.BORDERFLOW_PAGE_MODULES ?? path.join(page, "node_modules"));

// `name`: "rows/matrix.ts", below src.
export async function load(name) {
  const { buildSync } = createRequire(path.join(modules, "from-here.js"))("esbuild");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "borderflow-unit-"));
  try {
    const outfile = path.join(folder, "module.mjs");
    buildSync({ entryPoints: [path.join(page, "src", name)], outfile, bundle: true, format: "esm", target: "node18", logLevel: "warning" });
    return await import(pathToFileURL(outfile));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Numbers that look random and are the same everywhere (an LCG modulo 2^31, Park and Miller).
export function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
