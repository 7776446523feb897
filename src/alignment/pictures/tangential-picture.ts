import { colorAt, type Rgb, rgbText, viridis } from "../../color/palettes.js";
import type { DrawnPicture } from "../../imaging/encode-picture.js";
import { niceAbove, niceBelow } from "../../stats/nice-numbers.js";
import { displayGain, displayPicture, eachPixel } from "./display-light.js";
import {
  geometryOf,
  type PicturedFiles,
  readImage,
  readTangential,
  type TangentialNode,
} from "./pictured-files.js";
import { Sheet, words } from "./sheet.js";
import { quantilesOf } from "./value-range.js";

/** Larger residuals than those of this share of the nodes are drawn in full, in the last color. */
const heldShare = 0.95;
/** Length of an arrow at that share, px of the design. */
const arrowPx = 36;
/** The near image below the arrows. */
const dimming = 0.4;
const colorSteps = 12;
/** Viridis starts too dark to be seen on a dark face. */
const colorOf = (share: number): Rgb => colorAt(viridis, 0.25 + 0.75 * Math.min(1, share));

/** How the residuals are drawn. */
interface ArrowScale {
  /** Residual of the last color. */
  readonly reachPx: number;
  /** Picture px of one px of residual, a round number. */
  readonly exaggeration: number;
}

/** What of the correspondences leaves the radial direction: an arrow at each node, over the dimmed near image. */
export async function tangentialPicture(files: PicturedFiles): Promise<DrawnPicture> {
  const nodes = await readTangential(files);
  const { epipolePx } = geometryOf(files);
  const near = await readImage(files, "near");
  const sheet = new Sheet(near.sizePx);
  const { data } = await displayPicture(near, displayGain(near));
  const dim = (index: number): number => Math.round(dimming * (data[index] as number));
  await eachPixel(near.sizePx, (pixel) => {
    sheet.paint(pixel, [dim(pixel * 3), dim(pixel * 3 + 1), dim(pixel * 3 + 2)]);
  });
  const used = nodes.filter((node) => node.used);
  const scale = scaleOf(used, sheet.scale);
  sheet.draw(outlierMarks(nodes, sheet.scale) + arrows(used, epipolePx, scale, sheet.scale));
  drawLegend(sheet, scale, used.length, nodes.length - used.length);
  return sheet.finished();
}

function scaleOf(nodes: readonly TangentialNode[], pictureScale: number): ArrowScale {
  const sizes = nodes.map(({ tangentialPx }) => Math.abs(tangentialPx));
  const [held = 1] = quantilesOf(sizes, [heldShare]) ?? [];
  const reachPx = Math.max(held, 1e-3);
  return { reachPx, exaggeration: niceBelow((arrowPx * pictureScale) / reachPx) };
}

/** Arrows of like size in one path each, so that thousands stay a small drawing. */
function arrows(
  nodes: readonly TangentialNode[],
  [epipoleX, epipoleY]: readonly [number, number],
  { reachPx, exaggeration }: ArrowScale,
  pictureScale: number,
): string {
  const paths = Array.from({ length: colorSteps }, (): string[] => []);
  for (const { xPx, yPx, tangentialPx } of nodes) {
    const [dx, dy] = [xPx - epipoleX, yPx - epipoleY];
    const length = (exaggeration * tangentialPx) / Math.max(Math.hypot(dx, dy), 1e-9);
    const step = Math.min(colorSteps - 1, Math.floor((colorSteps * Math.abs(tangentialPx)) / reachPx));
    paths[step]?.push(arrow(xPx, yPx, -dy * length, dx * length));
  }
  const drawn = paths.map((path, step) =>
    path.length === 0
      ? ""
      : `<path d="${path.join("")}" stroke="${rgbText(colorOf(step / (colorSteps - 1)))}"/>`,
  );
  return `<g fill="none" stroke-width="${1.8 * pictureScale}" stroke-linecap="round">${drawn.join("")}</g>`;
}

/** A shaft and two barbs, centre of the pixel at its integer place. */
function arrow(x: number, y: number, dx: number, dy: number): string {
  const [startX, startY] = [x + 0.5, y + 0.5];
  const [tipX, tipY] = [startX + dx, startY + dy];
  const barb = (side: number): string =>
    `M${at(tipX)} ${at(tipY)}l${at(-0.3 * dx + side * 0.18 * dy)} ${at(-0.3 * dy - side * 0.18 * dx)}`;
  return `M${at(startX)} ${at(startY)}L${at(tipX)} ${at(tipY)}${barb(1)}${barb(-1)}`;
}

const at = (value: number): string => value.toFixed(1);

function outlierMarks(nodes: readonly TangentialNode[], pictureScale: number): string {
  const arm = 4 * pictureScale;
  const marks = nodes
    .filter(({ used }) => !used)
    .map(({ xPx, yPx }) => {
      const [x, y] = [xPx + 0.5, yPx + 0.5];
      return `M${at(x - arm)} ${at(y - arm)}l${at(2 * arm)} ${at(2 * arm)}m0 ${at(-2 * arm)}l${at(-2 * arm)} ${at(2 * arm)}`;
    });
  return `<path d="${marks.join("")}" fill="none" stroke="#f08c4b" stroke-width="${1.5 * pictureScale}"/>`;
}

function drawLegend(
  sheet: Sheet,
  { reachPx, exaggeration }: ArrowScale,
  used: number,
  outliers: number,
): void {
  const keyPx = niceAbove(0.6 * reachPx);
  const length = (keyPx * exaggeration) / sheet.scale;
  const key = arrow(40, 46, length, 0);
  const text = Number(keyPx.toPrecision(3));
  const bar = { x: 40, y: 86, width: 240, height: 22 };
  sheet.paintStrip(bar, (share) => colorOf(share));
  sheet.drawInStrip(
    `<path d="${key}" fill="none" stroke="#e6e8ea" stroke-width="3"/>` +
      words(56 + length, 56, `${text} px (drawn × ${Number(exaggeration.toPrecision(3))})`) +
      words(bar.x + bar.width + 14, 106, `color: 0 to ${Number(reachPx.toPrecision(2))} px`) +
      words(640, 56, `${used} points`) +
      `<path d="M640 88l16 16m0 -16l-16 16" stroke="#f08c4b" stroke-width="3"/>` +
      words(668, 106, `${outliers} outliers`),
  );
}
