/** Where a camera sees what a canonical image shows. */
import type { Intrinsics } from "../../geometry/brown-camera.js";
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import { type Rigid, rotationMatrix } from "../../geometry/rigid.js";
import { dot, type Vector3 } from "../../geometry/vector.js";
import type { FrameMap } from "../../native/resample.js";
import type { ArmName } from "../../schema/records.js";

export interface PlacedCamera {
  readonly intrinsics: Intrinsics;
  readonly T_camera_rig: Rigid;
}

/**
 * From canonical pixel to pixel of the upright frame. A turn about the pupil alone: what the camera's place adds was
 * settled when the canonical pair was put at its pupil.
 */
export function frameMapOf(canonical: CanonicalPair, arm: ArmName, camera: PlacedCamera): FrameMap {
  const { axes, epipolePx } = canonical;
  const { focalPx } = canonical[arm];
  const [x, y, z] = axes;
  // Columns: what one px to the right, one px down and the pixel (0, 0) add to the direction in the rig frame.
  const direction = (i: 0 | 1 | 2): Vector3 => [
    x[i] / focalPx,
    y[i] / focalPx,
    z[i] - (x[i] * epipolePx[0] + y[i] * epipolePx[1]) / focalPx,
  ];
  const rows = [direction(0), direction(1), direction(2)] as const;
  const column = (j: 0 | 1 | 2): Vector3 => [rows[0][j], rows[1][j], rows[2][j]];
  const rayOfPixel = rotationMatrix(camera.T_camera_rig.rotation).flatMap((turned) =>
    ([0, 1, 2] as const).map((j) => dot(turned, column(j))),
  );
  return { kind: "camera", rayOfPixel, intrinsics: camera.intrinsics };
}
