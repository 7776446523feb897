/** What a known error of rig or timing should do to a pair: to be put beside what was measured. */

import { asVector } from "../../src/alignment/rig-fit/robust-fit.js";
import { predictedFarPx, type RigFitGeometry, slopesAcross } from "../../src/alignment/rig-fit/tangential.js";
import type { Pixel } from "../../src/geometry/brown-camera.js";
import { noRigErrors, type RigErrors } from "../../src/geometry/rig-residual.js";

/**
 * The rig errors that a head which moves across the axis looks like: while the near exposure is late it goes on by
 * v · skew, as if the near pupil had gone back by as much with the image following the eye plane.
 * @param skewUs near exposure less far exposure.
 */
export function motionErrors(
  pxPerMm: number,
  velocityMmS: readonly [number, number],
  skewUs: number,
): RigErrors {
  const [x, y] = [velocityMmS[0] * skewUs * 1e-6, velocityMmS[1] * skewUs * 1e-6];
  return { ...noRigErrors, offsetXMm: -x, offsetYMm: -y, shiftXPx: pxPerMm * x, shiftYPx: pxPerMm * y };
}

/**
 * By how much rig errors nobody knows of move a correspondence across the radius, px of the far image; to first order.
 * @param nearPx, depthMm of the point.
 * @returns 0 in the epipole, where there is no such direction.
 */
export function predictedTangentialPx(
  geometry: RigFitGeometry,
  errors: RigErrors,
  nearPx: Pixel,
  depthMm: number,
): number {
  const [x, y] = predictedFarPx(geometry, noRigErrors, nearPx, depthMm);
  const [dx, dy] = [x - geometry.epipolePx[0], y - geometry.epipolePx[1]];
  const radius = Math.hypot(dx, dy);
  if (radius === 0) return 0;
  const slopes = slopesAcross(geometry, [-dy / radius, dx / radius], nearPx, depthMm);
  return asVector(errors).reduce((sum, value, i) => sum + value * (slopes[i] as number), 0);
}
