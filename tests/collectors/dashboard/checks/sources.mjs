// What the sources must not hold: ways for text to become markup or code, other hosts, registries.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../../collectors/dashboard/page");
const FORBIDDEN = [
  [/\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc)\b/, "text would become markup"],
  [/document\.write/, "text would become markup"],
  [/\beval\s*\(|new Function\b|setTimeout\s*\(\s*["'`]/, "text would become code"],
  [/setAttribute\(\s*["'`](style|on\w+)/, "the policy forbids it"],
  [/\b(localStorage|sessionStorage)\b.*token/i, "a token is never stored"],
];

function files(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(path.join(folder, entry.name)) : [path.join(folder, entry.name)]);
}

export async function check(t) {
  for (const file of files(path.join(PROJECT, "src"))) {
    const text = fs.readFileSync(file, "utf8");
    if (/\.ts$/.test(file)) {
      for (const [pattern, why] of FORBIDDEN) t.assert.doesNotMatch(text, pattern, `${file}: ${why}`);
    }
    // Namespaces are names, not addresses.
    const hosts = [...text.matchAll(/https?:\/\/[^\s"'`<>)]+/g)].map(([url]) => url).filter((url) => !url.startsWith("http://www.w3.org/"));
    t.assert.deepEqual(hosts, [], `${file} names a host`);
    if (/\.css$/.test(file)) t.assert.doesNotMatch(text, /@import|@font-face|url\((?!#)/, `${file} asks for a file`);
  }
  const lock = fs.readFileSync(path.join(PROJECT, "package-lock.json"), "utf8");
  t.assert.doesNotMatch(lock, /"resolved"|registry|https?:/, "package-lock.json names a registry");
  const css = fs.readFileSync(path.join(t.folder, "page.css"), "utf8");
  t.assert.doesNotMatch(css, /@import|@font-face|url\((?!#)/, "page.css asks for a file");
  const js = fs.readFileSync(path.join(t.folder, "page.js"), "utf8");
  t.assert.doesNotMatch(js, /<\/script/i, "page.js could end the element that it is embedded in");
}
