/** Many pictures in one: rows of equal cells with headings and captions. */
import sharp from "sharp";
import { encodeSrgb } from "./preview-pixels.js";
import type { LinearImage } from "./raw-frame.js";

export interface SheetCell {
  readonly image: LinearImage;
  /** One line under the picture; may be empty. */
  readonly caption: string;
}

export interface SheetRow {
  readonly heading: string;
  readonly cells: readonly SheetCell[];
}

export interface ContactSheet {
  readonly columnHeadings: readonly string[];
  readonly rows: readonly SheetRow[];
  /** Width of a picture in the sheet; its height follows from the first cell. */
  readonly cellWidthPx: number;
}

const marginPx = 12;
const headingPx = 24;
const captionPx = 20;

interface Grid {
  readonly cellWidthPx: number;
  readonly cellHeightPx: number;
  readonly rowPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

function gridOf(sheet: ContactSheet): Grid {
  const first = sheet.rows[0]?.cells[0]?.image;
  const { cellWidthPx } = sheet;
  const cellHeightPx = first === undefined ? 0 : Math.round((cellWidthPx * first.heightPx) / first.widthPx);
  const rowPx = headingPx + cellHeightPx + captionPx;
  const columns = sheet.columnHeadings.length;
  return {
    cellWidthPx,
    cellHeightPx,
    rowPx,
    widthPx: marginPx + columns * (cellWidthPx + marginPx),
    heightPx: headingPx + sheet.rows.length * rowPx + marginPx,
  };
}

const leftOf = (grid: Grid, column: number): number => marginPx + column * (grid.cellWidthPx + marginPx);
const topOf = (grid: Grid, row: number): number => headingPx + row * grid.rowPx + headingPx;

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? sign);
}

function textAt(x: number, y: number, sizePx: number, text: string): string {
  return `<text x="${x}" y="${y}" font-size="${sizePx}">${escapeXml(text)}</text>`;
}

/** All words of the sheet as one transparent layer. */
function words(sheet: ContactSheet, grid: Grid): Buffer {
  const lines: string[] = [];
  for (const [column, heading] of sheet.columnHeadings.entries()) {
    lines.push(textAt(leftOf(grid, column), headingPx - 8, 14, heading));
  }
  for (const [row, { heading, cells }] of sheet.rows.entries()) {
    lines.push(textAt(marginPx, topOf(grid, row) - 7, 13, heading));
    for (const [column, { caption }] of cells.entries()) {
      lines.push(textAt(leftOf(grid, column), topOf(grid, row) + grid.cellHeightPx + 15, 12, caption));
    }
  }
  const { widthPx, heightPx } = grid;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">` +
      `<g font-family="DejaVu Sans, sans-serif" fill="#e8e8e8">${lines.join("")}</g></svg>`,
  );
}

async function picture({ image }: SheetCell, grid: Grid): Promise<Buffer> {
  const { widthPx: width, heightPx: height, channels, bytes } = encodeSrgb(image);
  return sharp(bytes, { raw: { width, height, channels } })
    .resize(grid.cellWidthPx, grid.cellHeightPx)
    .toColourspace("srgb")
    .png()
    .toBuffer();
}

/**
 * Draws the sheet.
 * @returns a JPEG or PNG file's bytes.
 */
export async function drawContactSheet(sheet: ContactSheet, format: "jpeg" | "png"): Promise<Uint8Array> {
  const grid = gridOf(sheet);
  const layers: { input: Buffer; left: number; top: number }[] = [];
  for (const [row, { cells }] of sheet.rows.entries()) {
    for (const [column, cell] of cells.entries()) {
      layers.push({ input: await picture(cell, grid), left: leftOf(grid, column), top: topOf(grid, row) });
    }
  }
  const { widthPx: width, heightPx: height } = grid;
  const canvas = sharp({ create: { width, height, channels: 3, background: "#202020" } }).composite([
    ...layers,
    { input: words(sheet, grid), left: 0, top: 0 },
  ]);
  return format === "png" ? canvas.png().toBuffer() : canvas.jpeg({ quality: 88 }).toBuffer();
}
