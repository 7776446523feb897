/** The rig followed from shot to shot by a board that stands beside the head. */
import type { Measured } from "../../../schema/calibration-geometry.js";
import { type CheckedPair, calibratedStop, cornersOf, type JointSighting } from "./calibrated-stop.js";
import { type NearDrift, refitNear } from "./refit-near.js";
import { flowErrors, shiftOf, summaryOf } from "./seen-flow.js";

export interface TrackedShot {
  /**
   * Six numbers from one board: a small turn and a small move sideways look alike, so each by itself is uncertain
   * where both together are not.
   */
  readonly drift: NearDrift;
  /** How far near moved against far in the pictures where the board stands, canonical px. */
  readonly shiftPx: { readonly x: Measured; readonly y: Measured };
  /** The shift is more than chance: three standard deviations, the calibration's own error among them. */
  readonly moved: boolean;
  /** Of a corner, once the near camera is where it was found; per point, px. */
  readonly rmsPx: number;
}

const significantSigmas = 3;

/**
 * What one shot's board says of the near camera; null when it was not seen well enough by both arms.
 * @throws CallerError USAGE at a stop that was not calibrated.
 */
export function trackRig(
  record: CheckedPair,
  distanceMm: number,
  sighting: JointSighting,
): TrackedShot | null {
  const stop = calibratedStop(record, distanceMm);
  const { board, near, far } = sighting;
  const refit = refitNear(record, stop, [sighting]);
  const flow = summaryOf(flowErrors(stop, near, far, cornersOf(record, board)));
  if (refit === null || flow === null) return null;
  const shiftPx = shiftOf(stop, flow);
  const moved = [shiftPx.x, shiftPx.y].some(
    ({ value, sigma }) => Math.abs(value) > significantSigmas * sigma,
  );
  return { drift: refit.drift, shiftPx, moved, rmsPx: refit.rmsPx };
}
