// A picture of the page -> an SVG file that stands alone: computed styles become attributes, what
// only the page needs is left out, and title and note are written into the picture.

const NS = "http://www.w3.org/2000/svg";

// What a picture may take from the style sheet.
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
  "stroke-linecap", "opacity", "font-size", "font-weight", "font-style",
  "text-anchor", "dominant-baseline",
] as const;
// What a picture without that attribute has anyway: left out, so that files stay small.
const INITIAL: Readonly<Record<string, string>> = {
  "fill-opacity": "1", "stroke": "none", "stroke-width": "1", "stroke-opacity": "1",
  "stroke-dasharray": "none", "stroke-linecap": "butt", "opacity": "1", "font-style": "normal",
  "text-anchor": "start", "dominant-baseline": "auto", "font-weight": "400", "fill": "#000000",
};
const STROKES = STYLES.filter((name) => name.startsWith("stroke"));
const TEXT_ONLY = /^(font-|text-anchor|dominant-baseline)/;
const PAGE_ONLY = /^(class|tabindex|role|id|style|focusable|data-.*|aria-.*)$/;
const MARGIN = 16;
const TITLE_HEIGHT = 28;
const LINE_HEIGHT = 16;

// "rgb(0, 114, 178)" -> "#0072b2"; other notations stay, since every renderer reads the first.
export function hex(color: string): string {
  const parts = /^rgba?\(\s*(\d+)[ ,]+(\d+)[ ,]+(\d+)\s*\)$/.exec(color);
  if (!parts) return color;
  return `#${parts.slice(1).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

// Lines of at most `most` letters, broken at blanks where there are any.
export function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    let rest = word;
    if (line && line.length + 1 + rest.length > most) {
      lines.push(line);
      line = "";
    }
    while (rest.length > most) {
      lines.push(rest.slice(0, most));
      rest = rest.slice(most);
    }
    line = line ? `${line} ${rest}` : rest;
  }
  return line ? [...lines, line] : lines;
}

function inline(original: Element, copy: Element, referred: ReadonlySet<string>): void {
  const style = getComputedStyle(original);
  if (style.display === "none") {
    copy.remove();
    return;
  }
  const isText = copy.localName === "text" || copy.localName === "tspan";
  const container = /^(svg|g|defs|title|desc|clipPath)$/.test(copy.localName);
  for (const name of STYLES) {
    if (container || (TEXT_ONLY.test(name) && !isText)) continue;
    // A reference to a pattern stays as the element wrote it.
    if (/url\(/.test(copy.getAttribute(name) ?? "")) continue;
    const value = hex(style.getPropertyValue(name)).replace(/^([\d.]+)px$/, "$1");
    if (value === "" || value === INITIAL[name]) copy.removeAttribute(name);
    else copy.setAttribute(name, value);
  }
  if (!copy.hasAttribute("stroke")) for (const name of STROKES) copy.removeAttribute(name);
  for (const { name, value } of [...copy.attributes]) {
    if (name === "id" && referred.has(value)) continue;
    if (PAGE_ONLY.test(name)) copy.removeAttribute(name);
  }
  const originals = [...original.children];
  [...copy.children].forEach((child, i) => inline(originals[i]!, child, referred));
}

// Ids that some element of the picture paints or clips with.
function referredIds(svg: SVGSVGElement): Set<string> {
  const ids = new Set<string>();
  for (const element of svg.querySelectorAll("*")) {
    for (const { value } of element.attributes) {
      const match = /url\(["']?#([^"')]+)/.exec(value);
      if (match) ids.add(match[1]!);
    }
  }
  return ids;
}

function label(text: string, x: number, y: number, size: number, bold: boolean, color: string) {
  const node = document.createElementNS(NS, "text");
  node.setAttribute("x", String(x));
  node.setAttribute("y", String(y));
  node.setAttribute("font-size", String(size));
  if (bold) node.setAttribute("font-weight", "600");
  node.setAttribute("fill", color);
  node.textContent = text;
  return node;
}

// REQUIRES: `svg` stands in the document, has a viewBox from 0 0, and is visible.
export function svgFile(svg: SVGSVGElement, options: { title: string; note: string }): string {
  const { width, height } = svg.viewBox.baseVal;
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inline(svg, copy, referredIds(svg));
  const body = getComputedStyle(document.body);
  const ink = hex(body.color);
  const lines = wrap(options.note, Math.max(40, Math.floor(width / 6)));
  const whole = {
    width: width + 2 * MARGIN,
    height: height + 2 * MARGIN + TITLE_HEIGHT + lines.length * LINE_HEIGHT,
  };
  const file = document.createElementNS(NS, "svg");
  file.setAttribute("viewBox", `0 0 ${whole.width} ${whole.height}`);
  file.setAttribute("width", String(whole.width));
  file.setAttribute("height", String(whole.height));
  file.setAttribute("role", "img");
  file.setAttribute("font-family", "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif");
  const title = document.createElementNS(NS, "title");
  title.textContent = options.title;
  const description = document.createElementNS(NS, "desc");
  description.textContent = options.note;
  const paper = document.createElementNS(NS, "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", hex(body.backgroundColor));
  const picture = document.createElementNS(NS, "g");
  picture.setAttribute("transform", `translate(${MARGIN} ${MARGIN + TITLE_HEIGHT})`);
  picture.append(...copy.childNodes);
  file.append(title, description, paper, picture);
  file.append(label(options.title, MARGIN, MARGIN + 14, 15, true, ink));
  lines.forEach((line, i) => {
    const y = MARGIN + TITLE_HEIGHT + height + (i + 1) * LINE_HEIGHT;
    file.append(label(line, MARGIN, y, 11, false, ink));
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
}
