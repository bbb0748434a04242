// Hands the reader a file that the page made itself; nothing leaves the browser.
import { h } from "../dom.ts";

const KEEP_MS = 10_000;

export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

// "borderflow matrix 2025-06-02T09-04-58Z.svg": letters that every file system takes.
export function fileName(what: string, last: string | null, extension: string): string {
  const time = (last ?? "").replace(/\.\d+/, "").replaceAll(":", "-");
  const name = ["borderflow", what, time].filter(Boolean).join("-");
  return `${name.replace(/[^A-Za-z0-9._-]+/g, "-")}.${extension}`;
}
