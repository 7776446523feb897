/** Correspondences of a head of known shape, seen by a rig with known errors. */
import { predictedFarPx, type RigFitGeometry } from "../../src/alignment/rig-fit/tangential.js";
import type { RigErrors } from "../../src/geometry/rig-residual.js";
import type { SparseFlow } from "../../src/native/sparse-flow.js";
import { seededNormal } from "./noise.js";

export interface HeadPoint {
  readonly px: readonly [number, number];
  readonly depthMm: number;
}

export function geometryAt(nearDepthMm: number): RigFitGeometry {
  return { sizePx: 1024, pxPerMm: 1024 / 300, epipolePx: [514.6, 510.4], nearDepthMm, farDepthMm: 1600 };
}

/** An egg of 160 × 230 mm with a nose, the eyes in the eye plane. */
/** @param stepPx between the points. */
export function headPoints(stepPx = 12): HeadPoint[] {
  return gridPoints(stepPx, (x, y) => {
    const egg = 1 - (x / 80) ** 2 - (y / 115) ** 2;
    return egg < 0.15 ? null : 100 * Math.sqrt(egg) - 85 + 25 * Math.exp(-((x / 12) ** 2) - (y / 20) ** 2);
  });
}

/** All in the eye plane. */
export function flatHead(): HeadPoint[] {
  return gridPoints(12, (x, y) => (Math.hypot(x, y) > 100 ? null : 0));
}

function gridPoints(stepPx: number, depthOf: (xMm: number, yMm: number) => number | null): HeadPoint[] {
  const points: HeadPoint[] = [];
  for (let y = stepPx / 2; y < 1024; y += stepPx) {
    for (let x = stepPx / 2; x < 1024; x += stepPx) {
      const depthMm = depthOf(((x - 511.5) * 300) / 1024, ((y - 511.5) * 300) / 1024);
      if (depthMm !== null) points.push({ px: [x, y], depthMm });
    }
  }
  return points;
}

export interface HeadFlowOptions {
  /** Claimed standard deviation of a coordinate; 0.06 px unless given. */
  readonly sigmaPx?: number;
  /** Gaussian noise of that size; none without it. */
  readonly noiseSeed?: number;
  /** Side of the square over which white noise is averaged: that of neighbours becomes alike. */
  readonly smearPx?: number;
  /** The depths are those that fit the radial part under these errors, not the true ones. */
  readonly depthMatchedUnder?: RigErrors;
}

export function headFlow(
  geometry: RigFitGeometry,
  errors: RigErrors,
  points: readonly HeadPoint[],
  { sigmaPx = 0.06, noiseSeed, smearPx = 0, depthMatchedUnder }: HeadFlowOptions = {},
): SparseFlow {
  const noise = [0, 1].map((part) =>
    noiseSeed === undefined ? () => 0 : smearedNoise(2 * noiseSeed + part, smearPx),
  );
  const seen = points.map(({ px, depthMm }) => {
    const [x, y] = predictedFarPx(geometry, errors, px, depthMm);
    return [x, y] as const;
  });
  const depths = points.map(({ px, depthMm }, i) =>
    depthMatchedUnder === undefined
      ? depthMm
      : radialDepth(geometry, depthMatchedUnder, px, seen[i] as readonly [number, number], depthMm),
  );
  return {
    nearPx: Float64Array.from(points.flatMap(({ px }) => px)),
    farPx: Float64Array.from(
      seen.flatMap(([x, y], i) => {
        const px = points[i]?.px as readonly [number, number];
        return [x + sigmaPx * (noise[0]?.(...px) ?? 0), y + sigmaPx * (noise[1]?.(...px) ?? 0)];
      }),
    ),
    covariance: Float64Array.from(points.flatMap(() => [sigmaPx ** 2, 0, sigmaPx ** 2])),
    depthMm: Float64Array.from(depths),
    misfit: new Float64Array(points.length).fill(1),
    texture: new Float64Array(points.length).fill(0.03),
  };
}

/** Standard normal at each place: white noise on a grid of 12 px, averaged over a square of neighbours. */
function smearedNoise(seed: number, smearPx: number): (x: number, y: number) => number {
  const normal = seededNormal(seed);
  const [side, stepPx] = [128, 12];
  const white = Float64Array.from({ length: side * side }, normal);
  const reach = Math.max(1, Math.round(smearPx / stepPx));
  return (x, y) => {
    const [column, row] = [Math.floor(x / stepPx), Math.floor(y / stepPx)];
    let sum = 0;
    for (let j = 0; j < reach; j++)
      for (let i = 0; i < reach; i++) sum += white[(row + j) * side + column + i] as number;
    return sum / reach;
  };
}

/** The depth whose prediction lies as far from the epipole as what was seen, by bisection about the true one. */
function radialDepth(
  geometry: RigFitGeometry,
  errors: RigErrors,
  px: readonly [number, number],
  seen: readonly [number, number],
  depthMm: number,
): number {
  const radiusOf = ([x, y]: readonly [number, number]) =>
    Math.hypot(x - geometry.epipolePx[0], y - geometry.epipolePx[1]);
  let [low, high] = [depthMm - 60, depthMm + 60];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    // Nearer points lie further in: the far camera shows them smaller than the near one does.
    if (radiusOf(predictedFarPx(geometry, errors, px, middle)) > radiusOf(seen)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
