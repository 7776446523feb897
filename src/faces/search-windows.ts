/** Where the detector looks: the whole image first, then closer and closer. */
import type { Square } from "./square-crop.js";

/** Centres of windows of `sizePx` that cover 0..extentPx with at least half of each shared with the next. */
function centresAlong(extentPx: number, sizePx: number): number[] {
  if (extentPx <= sizePx) return [(extentPx - 1) / 2];
  const gaps = Math.ceil((extentPx - sizePx) / (sizePx / 2));
  const stepPx = (extentPx - sizePx) / gaps;
  return Array.from({ length: gaps + 1 }, (_, i) => sizePx / 2 + i * stepPx - 0.5);
}

function tiles(widthPx: number, heightPx: number, sizePx: number): Square[] {
  return centresAlong(heightPx, sizePx).flatMap((y) =>
    centresAlong(widthPx, sizePx).map((x) => ({ centre: { x, y }, sizePx, angleRad: 0 })),
  );
}

/** Edge lengths of the windows of each stage, as shares of the image's longer side. */
const stageShares = [1, 1.4, 2, 2.5, 1 / 2, 1 / 4];

/**
 * Stages of windows, to be tried in turn until a face is found: the image in a square; the same with
 * margins, for faces that fill the image (the detector likes some sizes better than others: the same
 * face scores 0.87 or 0.95); tiles of half and of a quarter of the longer side, each overlapping the
 * next by half, for small faces. With a 256 px detector, which wants faces of at least 30 px or so, the
 * last stage finds faces down to 1/34 of the longer side.
 * @param leastShare windows smaller than this share of the longer side are left out.
 */
export function* searchStages(widthPx: number, heightPx: number, leastShare = 0): Generator<Square[], void> {
  for (const share of stageShares)
    if (share >= leastShare) yield tiles(widthPx, heightPx, share * Math.max(widthPx, heightPx));
}
