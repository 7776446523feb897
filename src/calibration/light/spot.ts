/** The image of a point light: where it is, how wide, whether it is exposed rightly. */
import { WorldError } from "../../base/errors.js";
import type { ImagePlane } from "../../imaging/image-plane.js";
import { madSigma, median } from "../../stats/median.js";

export interface Spot {
  /** Centroid of the light above its surroundings. */
  readonly xPx: number;
  readonly yPx: number;
  /** Radius of a disc as large as the area above half of the peak. */
  readonly radiusPx: number;
  /** Greatest mean of 3 × 3 px, and greatest pixel, shares of the range. */
  readonly peak: number;
  readonly greatest: number;
  /** Median of the whole image, and one standard deviation of a pixel. */
  readonly background: number;
  readonly noise: number;
  /** Some of its pixels reach full scale: neither its place nor its strength can be trusted. */
  readonly saturated: boolean;
}

const saturationShare = 0.98;
/** Of the peak above the background, so that no dust or hot pixel passes for the light. */
const leastPeak = 0.02;
const leastSigmas = 10;
/** A spot that is larger than this share of the image's width is no point. */
const widestShare = 0.1;
const medianSamples = 20_000;

/**
 * The brightest spot of an image.
 * @throws WorldError CALIBRATION_FAILED when nothing stands out, or what does is no point.
 */
export function findSpot(plane: ImagePlane): Spot {
  const { background, noise } = levelsOf(plane);
  const { x, y, peak } = brightestPlace(plane);
  if (peak - background < Math.max(leastPeak, leastSigmas * noise)) throw noSpot("nothing stands out");
  const radiusPx = halfRadius(plane, x, y, (peak + background) / 2);
  if (radiusPx === null) throw noSpot("what is brightest is no point");
  const reachPx = 3 * radiusPx + 1;
  const once = centroid(plane, [x, y], reachPx, background);
  const [xPx, yPx] = centroid(plane, once, reachPx, background);
  const greatest = greatestAround(plane, xPx, yPx, reachPx);
  return { xPx, yPx, radiusPx, peak, greatest, background, noise, saturated: greatest >= saturationShare };
}

function levelsOf({ data }: ImagePlane): { background: number; noise: number } {
  const step = Math.max(1, Math.floor(data.length / medianSamples));
  const samples = Float64Array.from(
    { length: Math.ceil(data.length / step) },
    (_, i) => data[i * step] as number,
  );
  const background = median(samples) ?? 0;
  return { background, noise: madSigma(samples, background) ?? 0 };
}

function brightestPlace({ data, widthPx, heightPx }: ImagePlane): { x: number; y: number; peak: number } {
  let best = { x: 1, y: 1, peak: Number.NEGATIVE_INFINITY };
  for (let y = 1; y < heightPx - 1; y++) {
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x;
      // The mean of 3 × 3 px cannot be the greatest where the middle one is not above the best mean's ninth.
      if (9 * (data[at] as number) < best.peak) continue;
      let sum = 0;
      for (let v = -widthPx; v <= widthPx; v += widthPx) {
        for (let u = -1; u <= 1; u++) sum += data[at + v + u] as number;
      }
      if (sum / 9 > best.peak) best = { x, y, peak: sum / 9 };
    }
  }
  return best;
}

/** Radius of the area above `level` that hangs together with a place; null when it is no point. */
function halfRadius(plane: ImagePlane, x0: number, y0: number, level: number): number | null {
  const { widthPx, heightPx, data } = plane;
  const most = Math.PI * (widestShare * widthPx) ** 2;
  const start = y0 * widthPx + x0;
  const seen = new Set([start]);
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.size > most) return null;
    const [x, y] = [at % widthPx, Math.floor(at / widthPx)];
    for (const [u, v] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ] as const) {
      if (u < 0 || v < 0 || u >= widthPx || v >= heightPx) continue;
      const next = v * widthPx + u;
      if (seen.has(next) || (data[next] as number) < level) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return Math.sqrt(seen.size / Math.PI);
}

function centroid(
  plane: ImagePlane,
  [x0, y0]: readonly [number, number],
  reachPx: number,
  background: number,
): readonly [number, number] {
  let [sum, x, y] = [0, 0, 0];
  forDisc(plane, x0, y0, reachPx, (u, v, value) => {
    sum += value - background;
    x += (value - background) * u;
    y += (value - background) * v;
  });
  return [x / sum, y / sum];
}

function greatestAround(plane: ImagePlane, x: number, y: number, reachPx: number): number {
  let greatest = 0;
  forDisc(plane, x, y, reachPx, (_u, _v, value) => {
    greatest = Math.max(greatest, value);
  });
  return greatest;
}

/** Calls with every pixel of the image in a disc. */
export function forDisc(
  { data, widthPx, heightPx }: ImagePlane,
  x: number,
  y: number,
  radiusPx: number,
  call: (u: number, v: number, value: number) => void,
): void {
  for (let v = Math.max(0, Math.ceil(y - radiusPx)); v <= Math.min(heightPx - 1, y + radiusPx); v++) {
    for (let u = Math.max(0, Math.ceil(x - radiusPx)); u <= Math.min(widthPx - 1, x + radiusPx); u++) {
      if ((u - x) ** 2 + (v - y) ** 2 <= radiusPx ** 2) call(u, v, data[v * widthPx + u] as number);
    }
  }
}

function noSpot(why: string): WorldError {
  return new WorldError("CALIBRATION_FAILED", `there is no point light to be seen: ${why}`, {
    advice:
      "Put a white LED behind a pinhole of 0.5 mm, on black velvet, in the middle of both views; darken the room.",
  });
}
