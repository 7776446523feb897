/** Words on a page. */
import { degrees, type PDFFont, type PDFPage } from "pdf-lib";
import { ptPerMm } from "./draw-shapes.js";
import type { Size } from "./paper.js";
import type { Label } from "./pieces.js";
import { barGapMm, barMm } from "./scale-bars.js";

export interface Notes {
  /** Lines above the drawing. */
  readonly above: readonly string[];
  /** Under the horizontal scale bar and beside the vertical one. */
  readonly below: string;
}

const textPt = 7;
const lineMm = 3;

/** Text whose middle stands at a point in mm from the page's centre, y down; shrunk to `widthMm`. */
function drawCentred(
  page: PDFPage,
  font: PDFFont,
  size: Size,
  text: string,
  place: { readonly x: number; readonly y: number; readonly upwards?: boolean; readonly widthMm: number },
): void {
  const natural = font.widthOfTextAtSize(text, textPt);
  const points = Math.min(textPt, (textPt * place.widthMm * ptPerMm) / natural);
  const half = font.widthOfTextAtSize(text, points) / 2;
  const x = (size.widthMm / 2 + place.x) * ptPerMm;
  const y = (size.heightMm / 2 - place.y) * ptPerMm;
  const upwards = place.upwards === true;
  page.drawText(text, {
    x: upwards ? x : x - half,
    y: upwards ? y - half : y,
    size: points,
    font,
    rotate: degrees(upwards ? 90 : 0),
  });
}

export function drawLabels(page: PDFPage, font: PDFFont, size: Size, labels: readonly Label[]): void {
  for (const label of labels) drawCentred(page, font, size, label.text, { ...label, widthMm: 40 });
}

export function drawNotes(page: PDFPage, font: PDFFont, size: Size, content: Size, notes: Notes): void {
  const top = -content.heightMm / 2;
  const widthMm = size.widthMm - 20;
  notes.above.forEach((text, index) => {
    const y = top - 2 - (notes.above.length - 1 - index) * lineMm;
    drawCentred(page, font, size, text, { x: 0, y, widthMm });
  });
  const gap = barGapMm + lineMm;
  drawCentred(page, font, size, notes.below, { x: 0, y: -top + gap, widthMm: barMm });
  const left = -content.widthMm / 2 - barGapMm - 1;
  drawCentred(page, font, size, notes.below, { x: left, y: 0, upwards: true, widthMm: barMm });
}
