// The files of a picture that stands in a view's own layout: it as SVG, its figures as CSV.
import type { Context } from "../context.ts";
import { h } from "../dom.ts";
import { download, fileName } from "../export/download.ts";
import { svgFile } from "../export/svg.ts";
import { tool } from "./controls.ts";
import { provenanceNote, saveCsv, type FileColumn } from "./figure.ts";

// `note` says in the file what stands beside the picture here. `picture` stands in the document when a button is pressed, not before.
export function pictureFiles<Row>(context: Context, id: string, title: string, note: string,
  picture: SVGSVGElement, columns: readonly FileColumn<Row>[], rows: readonly Row[]): HTMLElement {
  return h("div", { class: "files" },
    tool(`${id}-svg`, "SVG", `${title}: save the picture as SVG`, () => download(fileName(id, context.model.source.last, "svg"),
      "image/svg+xml", svgFile(picture, { title, note: `${note} ${provenanceNote(context)}` }))),
    tool(`${id}-csv`, "CSV", `${title}: save the figures as CSV`, () => saveCsv(context, id, columns, rows)));
}
