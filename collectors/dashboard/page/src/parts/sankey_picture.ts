// The Sankey diagram as SVG; d3-sankey settles where things stand.
import { sankey, sankeyLinkHorizontal, type SankeyNode as Placed, type SankeyLink as Bound } from "d3-sankey";
import { s } from "../dom.ts";
import { percent, share } from "../format.ts";
import { nameOf } from "../jurisdictions.ts";
import { OTHER } from "../rows/matrix.ts";
import type { SankeyFigure, SankeyLink, SankeyNode } from "../rows/sankey.ts";
import { amount, type Unit } from "../rows/units.ts";

export const COLUMN_TITLES = ["Source", "Category", "Destination", "Operator"] as const;

const NODE_WIDTH = 10;
const PADDING = 17; // a line of text, so that labels of neighbours never touch
const HEAD = 26;
const NARROW = 620; // below: codes instead of names
const LETTER = 6.4; // mean width of a letter at 12 px
const WIDE_LETTER = 7; // and of a wide one, with digits

type Node = Placed<SankeyNode, SankeyLink>;
type Link = Bound<SankeyNode, SankeyLink>;

export function nodeName(node: SankeyNode, of: SankeyFigure): string {
  if (node.key === OTHER) {
    const others = of.others[node.column]!;
    return others > 1 ? `${others} others` : others === 1 ? "1 other" : "others";
  }
  return node.column === 1 ? node.key : nameOf(node.key);
}

function clipped(text: string, width: number): string {
  const most = Math.max(3, Math.floor(width / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function height(of: SankeyFigure): number {
  const most = [...Array(of.columns).keys()].reduce((n, c) =>
    Math.max(n, of.nodes.filter((node) => node.column === c).length), 0);
  return HEAD + Math.max(300, Math.min(760, 180 + most * 38));
}

export function sankeyPicture(of: SankeyFigure, options: {
  width: number; unit: Unit; at: string | null; choose: (id: string) => void;
}): SVGSVGElement {
  const { unit, at, choose } = options;
  const width = Math.max(320, options.width);
  const narrow = width < NARROW;
  const tall = height(of);
  // Room for the labels outside: of the sources on the left, of the operators on the right.
  const margin = narrow ? 64 : Math.min(190, width * 0.19);
  const order = new Map(of.nodes.map((node, i) => [node.id, i]));
  const layout = sankey<SankeyNode, SankeyLink>()
    .nodeId((node) => node.id)
    .nodeAlign((node) => node.column)
    .nodeSort((a, b) => order.get(a.id)! - order.get(b.id)!)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(PADDING)
    .extent([[margin, HEAD], [width - margin, tall - 8]]);
  // The layout writes into what it is given.
  const { nodes, links } = layout({
    nodes: of.nodes.map((node) => ({ ...node })), links: of.links.map((link) => ({ ...link })),
  });
  const name = (node: Node): string => nodeName(node, of);
  const said = (node: Node): string =>
    `${COLUMN_TITLES[node.column]} ${name(node)}: ${amount(node.value ?? 0, unit)}, ${percent(share(node.value ?? 0, of.total))}`;
  const path = sankeyLinkHorizontal<SankeyNode, SankeyLink>();
  const svg = s("svg", { class: `chart sankey${at ? " asked" : ""}`, viewBox: `0 0 ${width} ${tall}`,
    width, height: tall, role: "group", "aria-label": `${COLUMN_TITLES.slice(0, of.columns).join(", ")}; the same follows as a table` });
  const columnX = (c: number): number => {
    const node = nodes.find((candidate) => candidate.column === c);
    return node?.x0 ?? margin;
  };
  const last = of.columns - 1;
  COLUMN_TITLES.slice(0, of.columns).forEach((title, c) => svg.append(s("text", {
    class: `label muted${c === 0 && !narrow ? " end" : c === last && narrow ? " end" : ""}`,
    x: c === 0 ? (narrow ? 0 : margin - 6) : c === last && narrow ? width : columnX(c) + NODE_WIDTH + 6, y: 12,
  }, narrow && c > 0 && c < last ? ["", "Kind", "To", ""][c]! : title)));
  const group = s("g", { class: "links" });
  for (const link of links) {
    const [source, target] = [link.source as Node, link.target as Node];
    group.append(s("path", { class: "link", d: path(link) ?? "", "stroke-width": Math.max(0.75, link.width ?? 0) },
      s("title", null, `${name(source)} to ${name(target)}: ${amount(link.value, unit)}, ${percent(share(link.value, of.total))}`)));
  }
  svg.append(group);
  if (at) svg.append(passing(links, path));
  for (const node of nodes) svg.append(drawNode(node, said(node)));
  for (const node of nodes) svg.append(...labels(node));
  return svg;

  function drawNode(node: Node, description: string): SVGElement {
    const pressed = node.id === at;
    const choosing = (event: Event): void => {
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
      }
      choose(node.id);
    };
    const top = node.y0 ?? 0;
    const size = Math.max(1, (node.y1 ?? 0) - top);
    const x = node.x0 ?? 0;
    return s("g", { id: `node-${node.id}`, class: `node${pressed ? " chosen" : ""}`, tabindex: 0, role: "button",
      "aria-pressed": pressed ? "true" : "false", "aria-label": description, click: choosing, keydown: choosing },
    s("title", null, description),
    // A thin node is as easy to hit as a thick one.
    s("rect", { class: "hit", x: x - 6, y: top - (size < 12 ? (12 - size) / 2 : 0), width: NODE_WIDTH + 12, height: Math.max(12, size) }),
    s("rect", { class: `block column-${node.column}`, x, y: top, width: NODE_WIDTH, height: size }));
  }

  function labels(node: Node): SVGElement[] {
    const y = ((node.y0 ?? 0) + (node.y1 ?? 0)) / 2 + 4;
    const outside = node.column === 0 || node.column === of.columns - 1;
    const space = outside ? margin - 8 : narrow ? 60 : (width - 2 * margin) / (of.columns - 1) - NODE_WIDTH - 12;
    const portion = percent(share(node.value ?? 0, of.total)).replace(" %", "%");
    const short = node.key === OTHER ? "other" : node.key;
    const room = space - portion.length * LETTER - 6;
    const shown = clipped(narrow ? short : name(node), narrow ? space : room);
    const x = node.column === 0 ? (node.x0 ?? 0) - 6 : (node.x1 ?? 0) + 6;
    const label = s("text", { class: `label${node.column === 0 ? " end" : ""}`, x, y, "aria-hidden": "true" }, shown);
    if (!narrow) label.append(s("tspan", { class: "label muted", dx: 6 }, portion));
    if (outside) return [label];
    // Letters over links stay legible on a little of the ground.
    const letters = shown.length + (narrow ? 0 : portion.length + 1);
    return [s("rect", { class: "behind-label", x: x - 3, y: y - 13, width: letters * WIDE_LETTER + 10, height: 18, rx: 2 }), label];
  }
}

// What of every link passes the chosen node: as wide as it is, in the middle of its link.
function passing(links: Link[], path: (link: Link) => string | null): SVGElement {
  const group = s("g", { class: "passing" });
  for (const link of links) {
    if (link.through <= 0 || link.value <= 0) continue;
    const width = ((link.width ?? 0) * link.through) / link.value;
    group.append(s("path", { class: "link passes", d: path(link) ?? "", "stroke-width": Math.max(0.75, width) }));
  }
  return group;
}
