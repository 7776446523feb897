/** Where a board stands, from all the cameras that see it. */
import { type Intrinsics, type Pixel, project, unproject } from "../../../geometry/brown-camera.js";
import {
  compose,
  invert,
  poseVector,
  type Rigid,
  rigidOfPose,
  rotationMatrix,
} from "../../../geometry/rigid.js";
import { dot, type Vector3 } from "../../../geometry/vector.js";
import { type LeastSquaresFit, leastSquares } from "../../../stats/least-squares.js";
import { fitHomography, poseOfPlane } from "./plane-homography.js";

/** A camera that is known. */
export interface PlacedCamera {
  readonly intrinsics: Intrinsics;
  readonly T_camera_rig: Rigid;
}

/** Corners of a board in a camera's image. */
export interface SeenCorners {
  readonly ids: ArrayLike<number>;
  /** [x, y] flat. */
  readonly pointsPx: ArrayLike<number>;
}

export interface CameraSight {
  readonly camera: PlacedCamera;
  readonly seen: SeenCorners;
}

export interface BoardPose {
  readonly T_rig_board: Rigid;
  readonly fit: LeastSquaresFit;
}

/** Half the distances of differences: 1e-6 rad and 1e-4 mm move a corner by about 1e-3 px. */
export const poseSteps = [1e-6, 1e-6, 1e-6, 1e-4, 1e-4, 1e-4] as const;

/** Beyond this many px a corner is wrong rather than noisy, and counts less (Cauchy). */
const lossScalePx = 2;

/** Residual of a corner behind a camera: beyond any image. */
const behindPx = 1e6;

/** Projected minus seen of each corner, [x, y] flat, sight after sight. */
export function boardResiduals(
  sights: readonly CameraSight[],
  cornersMm: readonly Vector3[],
  T_rig_board: Rigid,
): Float64Array {
  const residuals = new Float64Array(sights.reduce((sum, { seen }) => sum + 2 * seen.ids.length, 0));
  let at = 0;
  for (const { camera, seen } of sights) {
    const { rotation, translationMm: t } = compose(camera.T_camera_rig, T_rig_board);
    const [rx, ry, rz] = rotationMatrix(rotation);
    for (let i = 0; i < seen.ids.length; i++) {
      const corner = cornersMm[seen.ids[i] as number] as Vector3;
      const px = project(camera.intrinsics, [
        dot(rx, corner) + t[0],
        dot(ry, corner) + t[1],
        dot(rz, corner) + t[2],
      ]);
      residuals[at++] = px === null ? behindPx : px[0] - (seen.pointsPx[2 * i] as number);
      residuals[at++] = px === null ? behindPx : px[1] - (seen.pointsPx[2 * i + 1] as number);
    }
  }
  return residuals;
}

/** @returns null when the corners do not determine it. */
export function fitBoardPose(
  sights: readonly CameraSight[],
  cornersMm: readonly Vector3[],
  start: Rigid,
): BoardPose | null {
  const residualsOf = (pose: readonly number[]): Float64Array =>
    boardResiduals(sights, cornersMm, rigidOfPose(pose));
  const options = { steps: poseSteps, lossScale: lossScalePx };
  const fit = leastSquares(residualsOf, poseVector(start), options);
  return fit && { T_rig_board: rigidOfPose(fit.values), fit };
}

/**
 * The pose from one camera's corners alone, taking the board as flat.
 * @returns null for corners that do not span a plane.
 */
export function poseFromOneView({ camera, seen }: CameraSight, cornersMm: readonly Vector3[]): Rigid | null {
  const from: Pixel[] = [];
  const to: Pixel[] = [];
  for (let i = 0; i < seen.ids.length; i++) {
    const [x, y] = cornersMm[seen.ids[i] as number] as Vector3;
    const ray = unproject(camera.intrinsics, [
      seen.pointsPx[2 * i] as number,
      seen.pointsPx[2 * i + 1] as number,
    ]);
    if (ray === null) continue;
    from.push([x, y]);
    to.push([ray[0], ray[1]]);
  }
  const homography = fitHomography(from, to);
  if (homography === null) return null;
  const start = compose(invert(camera.T_camera_rig), poseOfPlane(homography));
  return fitBoardPose([{ camera, seen }], cornersMm, start)?.T_rig_board ?? null;
}
