/** How errors of the rig that depth cannot explain move the near canonical image. First order. */
import type { Pixel } from "./brown-camera.js";

export interface RigErrors {
  /** Where the near pupil stands, along canonical x and y, less where it was taken to stand, mm. */
  readonly offsetXMm: number;
  readonly offsetYMm: number;
  /** Turn of the near image about its middle, clockwise, rad. */
  readonly rollRad: number;
  /** Of the near image in the eye plane, px. */
  readonly shiftXPx: number;
  readonly shiftYPx: number;
}

export const noRigErrors: RigErrors = { offsetXMm: 0, offsetYMm: 0, rollRad: 0, shiftXPx: 0, shiftYPx: 0 };

export interface ResidualGeometry {
  readonly sizePx: number;
  readonly pxPerMm: number;
  /** Near pupil to eye plane. */
  readonly nearDepthMm: number;
}

/**
 * Displacement, px, of the near image of a point at canonical pixel p and depth h (mm towards the cameras):
 *
 *     δ = shift + roll · (-(y - c), x - c) - pxPerMm · offset · (h/zn) / (1 - h/zn)
 *
 * The image of the eye plane (h = 0) does not move with the offset: the shift takes that up.
 */
export function nearDisplacement(
  { sizePx, pxPerMm, nearDepthMm }: ResidualGeometry,
  errors: RigErrors,
  [x, y]: Pixel,
  depthMm: number,
): Pixel {
  const middle = (sizePx - 1) / 2;
  const share = depthMm / nearDepthMm;
  const parallax = (pxPerMm * share) / (1 - share);
  return [
    errors.shiftXPx - errors.rollRad * (y - middle) - parallax * errors.offsetXMm,
    errors.shiftYPx + errors.rollRad * (x - middle) - parallax * errors.offsetYMm,
  ];
}
