/** Offset and strength of the plate's ghost, from images of a point light. */
import { setImmediate } from "node:timers/promises";
import { WorldError } from "../../base/errors.js";
import { leastSquares } from "../../color/least-squares.js";
import { type ImagePlane, planeOf } from "../../imaging/image-plane.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import { findGhostPlace, type GhostPlace } from "./ghost-search.js";
import { findSpot, forDisc, type Spot } from "./spot.js";

export interface GhostImages {
  /** In which the main image does not saturate. */
  readonly main: LinearImage;
  /** Exposed longer for the faint ghost; the main image may saturate. */
  readonly long?: { readonly image: LinearImage; readonly exposureRatio: number };
}

export interface GhostMeasurement {
  /** From the main image to the ghost, px of the upright image. */
  readonly offsetPx: readonly [number, number];
  /** The ghost's light over the main image's. */
  readonly strength: number;
  readonly mainPx: readonly [number, number];
  /** Of the ghost: its height over the noise in the matched filter. */
  readonly signalToNoise: number;
}

/** Fainter than this it may be noise. */
const leastSignalToNoise = 6;
/** Share of the fitted window's variance that the main spot's own shape must explain: flare has other shapes. */
const leastExplained = 0.5;
const fitSteps = 8;

/**
 * The ghost is taken to have the main image's own shape: found by a matched filter, then fitted with place, strength
 * and background free.
 * @returns null when there is no ghost that noise and flare could not make.
 * @throws WorldError CALIBRATION_FAILED without a point light; CALIBRATION_REFUSED when the main image saturates.
 */
export async function measureGhost({ main, long }: GhostImages): Promise<GhostMeasurement | null> {
  const plane = planeOf(main, "all");
  await setImmediate();
  const spot = findSpot(plane);
  if (spot.saturated) throw saturated();
  const ratio = long?.exposureRatio ?? 1;
  const faint = long === undefined ? plane : planeOf(long.image, "all");
  await setImmediate();
  const place = await findGhostPlace(plane, faint, spot);
  if (place === null || place.signalToNoise < leastSignalToNoise) return null;
  const fit = fitGhost(plane, spot, place);
  if (fit === null || fit.explained < leastExplained) return null;
  return {
    offsetPx: fit.offsetPx,
    strength: fit.amplitude / ratio,
    mainPx: [spot.xPx, spot.yPx],
    signalToNoise: place.signalToNoise,
  };
}

interface GhostFit {
  readonly offsetPx: readonly [number, number];
  readonly amplitude: number;
  readonly explained: number;
}

/** Gauss–Newton on amplitude · main(p - offset) + background. */
function fitGhost(main: ImagePlane, spot: Spot, place: GhostPlace): GhostFit | null {
  const { residual, corePx } = place;
  let [dx, dy] = place.offsetPx;
  let amplitude = 0;
  const reachPx = 2.5 * spot.radiusPx + 1.5;
  for (let step = 0; step < fitSteps; step++) {
    const shape = (u: number, v: number) => cubicAt(main, u - dx, v - dy) - spot.background;
    const rows: number[][] = [];
    const seen: number[][] = [];
    forDisc(residual, spot.xPx + dx, spot.yPx + dy, reachPx, (u, v, value) => {
      if (Math.hypot(u - spot.xPx, v - spot.yPx) < corePx) return;
      const slopeX = (shape(u + 0.5, v) - shape(u - 0.5, v)) * -1;
      const slopeY = (shape(u, v + 0.5) - shape(u, v - 0.5)) * -1;
      rows.push([shape(u, v), 1, slopeX, slopeY]);
      seen.push([value]);
    });
    const solution = leastSquares(rows, seen);
    if (solution === null) return null;
    const [a, b, ax, ay] = solution.map((row) => row[0] as number) as [number, number, number, number];
    if (!(a > 0)) return null;
    amplitude = a;
    const [stepX, stepY] = [limited(ax / a), limited(ay / a)];
    if (Math.hypot(stepX, stepY) < 1e-3 || step === fitSteps - 1)
      return { offsetPx: [dx, dy], amplitude, explained: explainedShare(rows, seen, a, b) };
    dx += stepX;
    dy += stepY;
  }
  return null;
}

const limited = (step: number): number => Math.max(-0.5, Math.min(0.5, step));

function explainedShare(rows: readonly number[][], seen: readonly number[][], a: number, b: number): number {
  let [left, all] = [0, 0];
  const mean = seen.reduce((sum, [value]) => sum + (value as number), 0) / seen.length;
  for (const [i, [shape]] of rows.entries()) {
    const value = seen[i]?.[0] as number;
    left += (value - a * (shape as number) - b) ** 2;
    all += (value - mean) ** 2;
  }
  return all > 0 ? 1 - left / all : 0;
}

/** Catmull–Rom's cubic through the pixels; the edge repeats. */
function cubicAt({ data, widthPx, heightPx }: ImagePlane, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [wx, wy] = [cubicWeights(x - column), cubicWeights(y - row)];
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const v = Math.min(Math.max(row + j - 1, 0), heightPx - 1) * widthPx;
    for (let i = 0; i < 4; i++) {
      const u = Math.min(Math.max(column + i - 1, 0), widthPx - 1);
      sum += (wx[i] as number) * (wy[j] as number) * (data[v + u] as number);
    }
  }
  return sum;
}

function cubicWeights(t: number): readonly number[] {
  return [
    ((2 - t) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((4 - 3 * t) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ];
}

function saturated(): WorldError {
  return new WorldError("CALIBRATION_REFUSED", "the point light's main image saturates", {
    advice: "Expose it shorter, or dim the light; the ghost may come from longer shots beside it.",
  });
}
