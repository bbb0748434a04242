// Builds the page: index.html, page.js and page.css, each one file, no other request.
//
//   node build.mjs [--out DIR] [--modules DIR/node_modules] [--rules DIR] [--readable]
//
// Reads the sources beside this file and writes only below --out (default: dist beside it). The
// packages may be installed elsewhere (--modules), so that a build need not touch the source tree.
// Exit codes: 0 done; 1 the sources do not bundle; 2 usage, or a package is missing.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import zlib from "node:zlib";

import { atlas, places } from "./build/places.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

function usage(message) {
  console.error(`build.mjs: ${message}`);
  process.exit(2);
}

let options;
try {
  options = parseArgs({
    options: {
      out: { type: "string", default: path.join(here, "dist") },
      modules: { type: "string", default: path.join(here, "node_modules") },
      rules: { type: "string", default: path.join(here, "../../../rules/jurisdiction") },
      readable: { type: "boolean", default: false },
    },
  }).values;
} catch (error) {
  usage(error.message);
}

const modules = path.resolve(options.modules);
let esbuild;
try {
  esbuild = createRequire(path.join(modules, "from-here.js"))("esbuild");
} catch (error) {
  usage(`esbuild is not in ${modules} (${error.code}): run npm ci --ignore-scripts first`);
}

const generated = {
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /^generated:/ }, ({ path: name }) => ({
      path: name.slice("generated:".length),
      namespace: "generated",
    }));
    build.onLoad({ filter: /.*/, namespace: "generated" }, ({ path: name }) => {
      const value =
        name === "atlas"
          ? atlas(path.join(modules, "world-atlas/countries-110m.json"))
          : places(options.rules, path.join(here, "data/iso3166_numeric.csv"));
      // A string parses faster than a literal of this size.
      const text = JSON.stringify(JSON.stringify(value));
      return { contents: `export const ${name} = JSON.parse(${text});`, loader: "js" };
    });
  },
};

// The licences of the packages whose code or data the bundle holds: they ask to go with it.
function licences(inputs) {
  const bundled = inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(Boolean);
  return [...new Set([...bundled, "world-atlas"])].sort().map((name) => {
    const text = fs.readFileSync(path.join(modules, name, "LICENSE"), "utf8");
    return `/*! ${name}\n${text.trim().replaceAll("*/", "")}\n*/\n`;
  }).join("");
}

// Dark colours are written once, for the switch; readers without scripts get them by their system's
// wish; paper is light.
function withSystemTheme(css) {
  const dark = /:root\[data-theme="?dark"?\]\s*\{([^}]*)\}/.exec(css);
  if (!dark) throw new Error("page.css: the block :root[data-theme=dark] is missing");
  return `${css}\n@media screen and (prefers-color-scheme:dark){:root:not([data-theme]){${dark[1]}}}\n`;
}

const out = path.resolve(options.out);
fs.mkdirSync(out, { recursive: true });
let built;
try {
  built = await esbuild.build({
    entryPoints: { page: path.join(here, "src/main.ts") },
    outdir: out,
    bundle: true,
    minify: !options.readable,
    format: "iife",
    target: ["es2020", "chrome90", "firefox90", "safari15"],
    charset: "utf8",
    legalComments: "eof",
    metafile: true,
    nodePaths: [modules],
    plugins: [generated],
    logLevel: "warning",
  });
} catch {
  process.exit(1);
}
fs.appendFileSync(path.join(out, "page.js"), licences(Object.keys(built.metafile.inputs)));
const styles = path.join(out, "page.css");
fs.writeFileSync(styles, withSystemTheme(fs.readFileSync(styles, "utf8")));
fs.copyFileSync(path.join(here, "src/index.html"), path.join(out, "index.html"));

for (const name of ["index.html", "page.js", "page.css"]) {
  const content = fs.readFileSync(path.join(out, name));
  const packed = zlib.gzipSync(content, { level: 9 }).length;
  console.log(`${name}: ${content.length} bytes, ${packed} gzip`);
}
