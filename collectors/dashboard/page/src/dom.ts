// Elements without markup: every text from the model goes in by textContent, every attribute by
// setAttribute, so a name that looks like markup stays a name. The content security policy forbids
// style attributes and inline handlers; both are refused here too.

export type Child = Node | string | number | null | undefined | false;
export type Attributes = Record<
  string,
  string | number | boolean | null | undefined | ((event: Event) => void)
>;

const SVG = "http://www.w3.org/2000/svg";

function fill<T extends Element>(node: T, attributes: Attributes | null, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      node.addEventListener(name, value);
      continue;
    }
    if (name === "style" || name.startsWith("on")) throw new Error(`attribute ${name} is refused`);
    // A link leads to a place on this page or to a file that the page made itself.
    if (name === "href" && !/^(#|blob:)/.test(String(value))) {
      throw new Error("a link that leaves the page is refused");
    }
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

// An HTML element. Attributes whose value is a function listen: {click: () => ...}.
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Attributes | null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes ?? null, children);
}

// An SVG element. Colours come from classes (page.css), so that a theme changes them in place.
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes?: Attributes | null,
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], attributes ?? null,
    children);
}
