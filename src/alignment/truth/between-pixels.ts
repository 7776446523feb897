/** Values of a truth array between its pixels. */
import type { Pixel } from "../../geometry/brown-camera.js";
import type { TruthImage } from "./truth-folder.js";

/** Neighbours whose depth differs by more than this belong to different surfaces; a pixel is about 0.3 mm wide. */
const edgeMm = 5;

type Image = TruthImage<Float32Array>;

/** First two channels, bilinear; null outside and where one of the four pixels around has no value. */
export function betweenPixels(image: Image, place: Pixel): Pixel | null {
  const start = cornerOf(image, place);
  if (start === null) return null;
  const [a, b] = [bilinear(image, start, place, 0), bilinear(image, start, place, 1)];
  return Number.isNaN(a) || Number.isNaN(b) ? null : [a, b];
}

/**
 * One channel at a place: bilinear on one surface, and the nearest pixel's value where an edge of depth runs between
 * the four pixels around, because nothing there is the mean of both sides.
 * @param depth of the same view; its jumps tell the edges.
 * @returns NaN outside and where there is no surface.
 */
export function onSurface(image: Image, depth: Image, place: Pixel, channel = 0): number {
  const start = cornerOf(depth, place);
  if (start === null) return Number.NaN;
  if (!isEdge(depth, start)) return bilinear(image, start, place, channel);
  return nearestValue(image, place, channel);
}

/** NaN outside. */
export function nearestValue(
  { width, height, channels, data }: TruthImage,
  [x, y]: Pixel,
  channel = 0,
): number {
  const [column, row] = [Math.round(x), Math.round(y)];
  if (!(column >= 0 && row >= 0 && column < width && row < height)) return Number.NaN;
  return data[(row * width + column) * channels + channel] as number;
}

/** Index of the top left of the four pixels around a place. */
function cornerOf({ width, height }: Image, [x, y]: Pixel): number | null {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  return left >= 0 && top >= 0 && left < width - 1 && top < height - 1 ? top * width + left : null;
}

function bilinear({ width, channels, data }: Image, start: number, [x, y]: Pixel, channel: number): number {
  const [u, v] = [x - Math.floor(x), y - Math.floor(y)];
  const at = (pixel: number): number => data[pixel * channels + channel] as number;
  const top = (1 - u) * at(start) + u * at(start + 1);
  const bottom = (1 - u) * at(start + width) + u * at(start + width + 1);
  return (1 - v) * top + v * bottom;
}

/** Also where one of the four has no value. */
function isEdge({ width, data }: Image, start: number): boolean {
  const [a, b, c, d] = [data[start], data[start + 1], data[start + width], data[start + width + 1]] as [
    number,
    number,
    number,
    number,
  ];
  return !(Math.max(a, b, c, d) - Math.min(a, b, c, d) < edgeMm);
}
