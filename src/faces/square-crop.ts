/** Square crops at any place, size and angle, resampled to a network's input. */
import type { Point } from "./face.js";
import type { ImagePyramid, PyramidLevel } from "./image-pyramid.js";

/** A square region of the image; `angleRad` turns it clockwise. Lengths in image px. */
export interface Square {
  readonly centre: Point;
  readonly sizePx: number;
  readonly angleRad: number;
}

export interface CropFormat {
  /** Edge length of the crop, px. */
  readonly outputPx: number;
  /** Values that black and full white become. */
  readonly black: number;
  readonly white: number;
  /** What lies outside the image: black, or its border drawn out. */
  readonly outside: "black" | "border";
  /** Left and right exchanged. */
  readonly mirrored?: boolean;
}

/**
 * Image point of a crop coordinate, where 0 and `outputPx` are the crop's outer edges.
 * @param mirrored the crop was made so.
 */
export function pointInImage(
  { centre, sizePx, angleRad }: Square,
  u: number,
  v: number,
  outputPx: number,
  mirrored = false,
): Point {
  const across = (mirrored ? -1 : 1) * (u / outputPx - 0.5) * sizePx;
  const down = (v / outputPx - 0.5) * sizePx;
  const cosine = Math.cos(angleRad);
  const sine = Math.sin(angleRad);
  return { x: centre.x + cosine * across - sine * down, y: centre.y + sine * across + cosine * down };
}

/** Adds the bilinear sample at (x, y) to `sum`; coordinates in px of the level. */
function addSample(level: PyramidLevel, x: number, y: number, black: boolean, sum: Float64Array): void {
  const { data, widthPx, heightPx } = level;
  if (black && (x < -0.5 || y < -0.5 || x > widthPx - 0.5 || y > heightPx - 0.5)) return;
  const insideX = Math.min(Math.max(x, 0), widthPx - 1);
  const insideY = Math.min(Math.max(y, 0), heightPx - 1);
  const x0 = Math.trunc(insideX);
  const y0 = Math.trunc(insideY);
  const fx = insideX - x0;
  const fy = insideY - y0;
  const right = x0 + 1 < widthPx ? 3 : 0;
  const below = y0 + 1 < heightPx ? 3 * widthPx : 0;
  const at = 3 * (y0 * widthPx + x0);
  for (let channel = 0; channel < 3; channel++) {
    const i = at + channel;
    const upper = (data[i] as number) * (1 - fx) + (data[i + right] as number) * fx;
    const lower = (data[i + below] as number) * (1 - fx) + (data[i + below + right] as number) * fx;
    sum[channel] = (sum[channel] as number) + upper * (1 - fy) + lower * fy;
  }
}

/**
 * Crops `square` to float32 [outputPx][outputPx][3]. Shrinking averages: the pyramid takes out powers
 * of two, and what remains, up to twofold, is sampled 2 × 2 within each output pixel.
 */
export function cropSquare(pyramid: ImagePyramid, square: Square, format: CropFormat): Float32Array {
  const { outputPx, black, white } = format;
  const shrink = square.sizePx / outputPx;
  const { level, n } = pyramid.level(Math.max(0, Math.floor(Math.log2(shrink))));
  const levelScale = 2 ** -n;
  const taps = shrink * levelScale > 1 ? 2 : 1;
  const gain = (white - black) / (255 * taps * taps);
  const crop = new Float32Array(3 * outputPx * outputPx);
  const sum = new Float64Array(3);
  for (let row = 0, target = 0; row < outputPx; row++) {
    for (let column = 0; column < outputPx; column++, target += 3) {
      sum.fill(0);
      for (let tap = 0; tap < taps * taps; tap++) {
        const u = column + ((tap % taps) + 0.5) / taps;
        const v = row + (Math.trunc(tap / taps) + 0.5) / taps;
        const { x, y } = pointInImage(square, u, v, outputPx, format.mirrored);
        const levelX = (x + 0.5) * levelScale - 0.5;
        const levelY = (y + 0.5) * levelScale - 0.5;
        addSample(level, levelX, levelY, format.outside === "black", sum);
      }
      for (let channel = 0; channel < 3; channel++) {
        crop[target + channel] = black + gain * (sum[channel] as number);
      }
    }
  }
  return crop;
}
