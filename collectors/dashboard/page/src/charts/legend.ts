// A legend within a picture, so that its file explains itself.
import { s } from "../dom.ts";

export interface LegendItem {
  label: string;
  tone: string | null; // a class that fills; null: `fill` as it stands
  fill?: string;
  explains?: string; // said on hovering
}

const LINE = 20;
const LETTER = 6.6;
const SWATCH = 12;

// Items in lines no wider than `width`, from the left; `height` of them all, 0 for none.
export function legendGroup(items: readonly LegendItem[], top: number, width: number): { group: SVGElement; height: number } {
  const group = s("g", { class: "picture-legend" });
  let [x, line] = [0, 0];
  for (const item of items) {
    const wide = SWATCH + 6 + item.label.length * LETTER + 18;
    if (x > 0 && x + wide - 18 > width) [x, line] = [0, line + 1];
    const y = top + line * LINE;
    group.append(s("rect", { class: item.tone, fill: item.fill ?? null, x, y, width: SWATCH, height: SWATCH, rx: 2 }),
      s("text", { class: "label", x: x + SWATCH + 6, y: y + 10 }, item.label, item.explains ? s("title", null, item.explains) : null));
    x += wide;
  }
  return { group, height: items.length === 0 ? 0 : (line + 1) * LINE };
}
