/** The part of a correspondence that depth cannot explain: across the radius about the epipole. */
import type { Pixel } from "../../geometry/brown-camera.js";
import { nearDisplacement, type ResidualGeometry, type RigErrors } from "../../geometry/rig-residual.js";

export interface RigFitGeometry extends ResidualGeometry {
  readonly epipolePx: Pixel;
  readonly farDepthMm: number;
}

/** A place of the near image and where the far camera was seen to show it. */
export interface Correspondence {
  readonly nearPx: Pixel;
  readonly farPx: Pixel;
  readonly depthMm: number;
  /** xx, xy, yy of `farPx`, px². */
  readonly covariance: readonly [number, number, number];
}

/** The unknowns, in the order of {@link Tangential.slopes}. */
export const rigErrorNames = ["offsetXMm", "offsetYMm", "rollRad", "shiftXPx", "shiftYPx"] as const;

export interface Tangential {
  /** Unit vector across the radius in the far image. */
  readonly across: Pixel;
  /** Seen less predicted, along `across`, px. */
  readonly residualPx: number;
  /** Of `residualPx`, from the covariance. */
  readonly sigmaPx: number;
  /** How the prediction along `across` changes with each rig error. */
  readonly slopes: readonly number[];
}

/**
 * How far a depth may be wrong that was matched under other rig errors: with the radial part of a rig error a radial
 * match is wrong in depth.
 */
const depthSlackMm = 10;

/** Nearer to the epipole than this there is no radius to be across of. */
const leastRadiusPx = 1;

/**
 * Where the far camera sees a near pixel (native/radial-match.ts): e + (d - δ) · s, s = (1 - h/zn) / (1 - h/zf).
 */
export function predictedFarPx(
  geometry: RigFitGeometry,
  errors: RigErrors,
  nearPx: Pixel,
  depthMm: number,
): Pixel {
  const { epipolePx } = geometry;
  const [dx, dy] = nearDisplacement(geometry, errors, nearPx, depthMm);
  const scale = ratioAt(geometry, depthMm);
  return [
    epipolePx[0] + (nearPx[0] - epipolePx[0] - dx) * scale,
    epipolePx[1] + (nearPx[1] - epipolePx[1] - dy) * scale,
  ];
}

/** @returns null beside the epipole. */
export function tangentialOf(
  geometry: RigFitGeometry,
  errors: RigErrors,
  seen: Correspondence,
): Tangential | null {
  const depthMm = refinedDepth(geometry, errors, seen);
  const predicted = predictedFarPx(geometry, errors, seen.nearPx, depthMm);
  const radial = radialDirection(geometry, predicted);
  if (radial === null) return null;
  const across: Pixel = [-radial[1], radial[0]];
  const [xx, xy, yy] = seen.covariance;
  return {
    across,
    residualPx: (seen.farPx[0] - predicted[0]) * across[0] + (seen.farPx[1] - predicted[1]) * across[1],
    sigmaPx: Math.sqrt(xx * across[0] ** 2 + 2 * xy * across[0] * across[1] + yy * across[1] ** 2),
    slopes: slopesAcross(geometry, across, seen.nearPx, depthMm),
  };
}

/** d (across · prediction) / d error: -s · across · dδ/d error. */
export function slopesAcross(
  geometry: RigFitGeometry,
  [ax, ay]: Pixel,
  [x, y]: Pixel,
  depthMm: number,
): number[] {
  const middle = (geometry.sizePx - 1) / 2;
  const share = depthMm / geometry.nearDepthMm;
  const parallax = (geometry.pxPerMm * share) / (1 - share);
  const scale = ratioAt(geometry, depthMm);
  return [
    scale * parallax * ax,
    scale * parallax * ay,
    scale * (ax * (y - middle) - ay * (x - middle)),
    -scale * ax,
    -scale * ay,
  ];
}

function ratioAt({ nearDepthMm, farDepthMm }: RigFitGeometry, depthMm: number): number {
  return (1 - depthMm / nearDepthMm) / (1 - depthMm / farDepthMm);
}

/**
 * The depth moved towards the one that the free match says along the radius, each counted by its variance: once the
 * errors are right, so is the depth.
 */
function refinedDepth(geometry: RigFitGeometry, errors: RigErrors, seen: Correspondence): number {
  const stepMm = 0.01;
  let depthMm = seen.depthMm;
  for (let round = 0; round < 2; round++) {
    const predicted = predictedFarPx(geometry, errors, seen.nearPx, depthMm);
    const radial = radialDirection(geometry, predicted);
    if (radial === null) return depthMm;
    const along = ([x, y]: Pixel): number => (x - predicted[0]) * radial[0] + (y - predicted[1]) * radial[1];
    const slope = along(predictedFarPx(geometry, errors, seen.nearPx, depthMm + stepMm)) / stepMm;
    const [xx, xy, yy] = seen.covariance;
    const variance = xx * radial[0] ** 2 + 2 * xy * radial[0] * radial[1] + yy * radial[1] ** 2;
    const gain = (depthSlackMm ** 2 * slope) / (depthSlackMm ** 2 * slope ** 2 + variance);
    depthMm = seen.depthMm + gain * (along(seen.farPx) + slope * (depthMm - seen.depthMm));
  }
  return depthMm;
}

function radialDirection({ epipolePx }: RigFitGeometry, [x, y]: Pixel): Pixel | null {
  const [dx, dy] = [x - epipolePx[0], y - epipolePx[1]];
  const radius = Math.hypot(dx, dy);
  return radius < leastRadiusPx ? null : [dx / radius, dy / radius];
}
