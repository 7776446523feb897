/** The canonical pair of a calibrated stop. */

import { CallerError } from "../../../base/errors.js";
import {
  type CanonicalOptions,
  type CanonicalPair,
  canonicalPair,
} from "../../../geometry/canonical-pair.js";
import { invert } from "../../../geometry/rigid.js";
import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import type { PairAtStop } from "./pair-geometry.js";

/** 1024 px for 300 mm unless given. */
type CanonicalSize = Pick<CanonicalOptions, "sizePx" | "sideMm">;

/** Canonical px per mm of the eye plane: 1024 px for 300 mm. */
export const canonicalPxPerMm = 1024 / 300;

/**
 * The canonical pair of a stop of a record (index into its `stops`). Images: `project` and `unproject` of
 * geometry/brown-camera with the stop's `near` and `T_camera_rig`, and the record's `far`, whose frame is the rig's.
 * @throws CallerError USAGE for a stop that the record does not have.
 */
export function canonicalOf(
  { stops, far, eyePlane }: Pick<PairCalibration, "stops" | "far" | "eyePlane">,
  stopIndex: number,
  size: CanonicalSize = {},
): CanonicalPair {
  const stop = stops[stopIndex];
  if (stop === undefined) {
    throw new CallerError(
      "USAGE",
      `The calibration has ${stops.length} stops, there is no number ${stopIndex}.`,
      {
        advice: "Calibrate this stop too.",
      },
    );
  }
  const pair = {
    near: { intrinsics: stop.near.intrinsics, T_camera_rig: stop.T_camera_rig },
    far: { intrinsics: far.intrinsics, T_camera_rig: { rotation: [1, 0, 0, 0], translationMm: [0, 0, 0] } },
    eyePlane,
  } as const;
  return canonicalOfPair(pair, size);
}

export function canonicalOfPair({ near, eyePlane }: PairAtStop, size: CanonicalSize = {}): CanonicalPair {
  return canonicalPair({
    ...size,
    nearPupilMm: invert(near.T_camera_rig).translationMm,
    farPupilMm: [0, 0, 0],
    aimMm: eyePlane.pointMm,
    farXAxis: [1, 0, 0],
  });
}
