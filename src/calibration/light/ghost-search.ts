/** Where a second image of a point light may be: a matched filter along the plate's plane of incidence. */
import { setImmediate } from "node:timers/promises";
import type { ImagePlane } from "../../imaging/image-plane.js";
import { madSigma, median } from "../../stats/median.js";
import { forDisc, type Spot } from "./spot.js";

export interface GhostPlace {
  /** Whole px from the main image. */
  readonly offsetPx: readonly [number, number];
  readonly signalToNoise: number;
  /** The image without the main spot's halo, and nothing within `corePx` of the main spot. */
  readonly residual: ImagePlane;
  readonly corePx: number;
}

/** A plate turned about the vertical moves its ghost sideways; a mounting error tilts that a little. */
const directionSlope = Math.tan((10 * Math.PI) / 180);
const directionSlackPx = 2;
/** Of the image's width: 3 mm of glass make 55 px of 4000 at 30 cm. */
const farthestShare = 1 / 6;
/** Noise is never below this share of the main image: rendered images have none. */
const leastNoise = 1e-6;

/** @returns null when nothing is brighter than all around it. */
export async function findGhostPlace(
  main: ImagePlane,
  faint: ImagePlane,
  spot: Spot,
): Promise<GhostPlace | null> {
  const nearest = Math.ceil(3 * spot.radiusPx + 2);
  const farthest = Math.floor(main.widthPx * farthestShare);
  const residual = await withoutHalo(faint, spot, nearest, farthest + nearest);
  const template = templateOf(main, spot);
  const strengthAt = matchedFilter(residual, spot, template);
  const noise = Math.max(noiseAround(residual, spot, nearest, farthest), leastNoise * spot.peak);
  let best: { dx: number; dy: number; strength: number } | null = null;
  for (let distance = nearest; distance <= farthest; distance++) {
    const slack = Math.round(directionSlope * distance + directionSlackPx);
    for (const dx of [-distance, distance]) {
      for (let dy = -slack; dy <= slack; dy++) {
        const strength = strengthAt(dx, dy);
        if (strength > (best?.strength ?? 0) && isSummit(strengthAt, dx, dy, strength))
          best = { dx, dy, strength };
      }
    }
    await setImmediate();
  }
  if (best === null) return null;
  const signalToNoise = (best.strength * Math.sqrt(template.power)) / noise;
  return { offsetPx: [best.dx, best.dy], signalToNoise, residual, corePx: nearest };
}

/** What falls off evenly to all sides is the lens's: the median of each ring is taken off, the core left out. */
async function withoutHalo(
  plane: ImagePlane,
  spot: Spot,
  corePx: number,
  reachPx: number,
): Promise<ImagePlane> {
  const rings = Array.from({ length: Math.ceil(reachPx) + 2 }, (): number[] => []);
  const { xPx, yPx } = spot;
  forDisc(plane, xPx, yPx, reachPx, (u, v, value) => {
    rings[Math.round(Math.hypot(u - xPx, v - yPx))]?.push(value);
  });
  const levels: number[] = [];
  for (const values of rings) {
    levels.push(median(values) ?? spot.background);
    await setImmediate();
  }
  const data = plane.data.map((value) => value - spot.background);
  forDisc(plane, xPx, yPx, reachPx, (u, v, value) => {
    const radius = Math.hypot(u - xPx, v - yPx);
    const inner = Math.floor(radius);
    const [from, to] = [
      levels[inner] ?? spot.background,
      levels[inner + 1] ?? levels[inner] ?? spot.background,
    ];
    const level = from + (to - from) * (radius - inner);
    data[v * plane.widthPx + u] = radius < corePx ? 0 : value - level;
  });
  return { ...plane, data };
}

interface Template {
  readonly cells: readonly { readonly u: number; readonly v: number; readonly value: number }[];
  readonly power: number;
}

function templateOf(plane: ImagePlane, spot: Spot): Template {
  const cells: { u: number; v: number; value: number }[] = [];
  forDisc(plane, spot.xPx, spot.yPx, 2 * spot.radiusPx + 1, (u, v, value) => {
    cells.push({ u, v, value: value - spot.background });
  });
  return { cells, power: cells.reduce((sum, { value }) => sum + value * value, 0) };
}

/** Height of the main spot's shape in the image at an offset, as a share of the main spot. */
function matchedFilter(
  { data, widthPx, heightPx }: ImagePlane,
  { xPx, yPx, radiusPx }: Spot,
  { cells, power }: Template,
): (dx: number, dy: number) => number {
  const marginPx = 2 * radiusPx + 2;
  return (dx, dy) => {
    const [x, y] = [xPx + dx, yPx + dy];
    if (x < marginPx || y < marginPx || x > widthPx - 1 - marginPx || y > heightPx - 1 - marginPx) return 0;
    let sum = 0;
    for (const { u, v, value } of cells) sum += value * (data[(v + dy) * widthPx + u + dx] as number);
    return sum / power;
  };
}

function isSummit(
  strengthAt: (dx: number, dy: number) => number,
  dx: number,
  dy: number,
  strength: number,
): boolean {
  for (let v = -1; v <= 1; v++) {
    for (let u = -1; u <= 1; u++) {
      if ((u !== 0 || v !== 0) && strengthAt(dx + u, dy + v) > strength) return false;
    }
  }
  return true;
}

/** One standard deviation of the image about the spot, from the middle half of its values. */
function noiseAround(residual: ImagePlane, spot: Spot, nearest: number, farthest: number): number {
  const values: number[] = [];
  forDisc(residual, spot.xPx, spot.yPx, farthest, (u, v, value) => {
    if (Math.hypot(u - spot.xPx, v - spot.yPx) > nearest) values.push(value);
  });
  return madSigma(values, 0) ?? 0;
}
