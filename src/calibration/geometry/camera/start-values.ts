/** Where the solve of one camera begins. */
import { WorldError } from "../../../base/errors.js";
import type { Intrinsics } from "../../../geometry/brown-camera.js";
import type { Vector3 } from "../../../geometry/vector.js";
import { loadOpenCv, type OpenCv } from "../../../native/opencv.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";

/** Rotation vector (rad) and translation (mm) of T_camera_board. */
export type PoseVector = readonly [number, number, number, number, number, number];

export interface CameraStart {
  readonly intrinsics: Intrinsics;
  /** One for each sighting. */
  readonly poses: readonly PoseVector[];
}

/** OpenCV's numbers stray when boards are hardly tilted; beyond these shares of the image's longer side they are wrong. */
const plausibleFocal = [0.2, 50] as const;
/** Of a lens between wide and normal. */
const usualFocal = 1.2;

/**
 * Focal length from the homographies (OpenCV's initCameraMatrix2D: principal point in the middle, no distortion) and
 * the pose of each board with it.
 * @throws WorldError BACKEND_MISSING without OpenCV, CALIBRATION_FAILED when a board has no pose.
 */
export async function startValues(
  seen: readonly SeenBoard[],
  board: KnownBoard,
  [widthPx, heightPx]: readonly [number, number],
): Promise<CameraStart> {
  const cv = loadOpenCv();
  const object = seen.map(({ ids }) => Array.from(ids, (id) => new cv.Point3(...cornerOf(board, id))));
  const image = seen.map(({ ids, pointsPx }) => Array.from(ids, (_, i) => pointOf(cv, pointsPx, i)));
  const guess = await cv.initCameraMatrix2DAsync(object, image, new cv.Size(widthPx, heightPx));
  const focalPx = plausible(guess.getDataAsArray()[0]?.[0], Math.max(widthPx, heightPx));
  const [cx, cy] = [(widthPx - 1) / 2, (heightPx - 1) / 2];
  const matrix = [
    [focalPx, 0, cx],
    [0, focalPx, cy],
    [0, 0, 1],
  ];
  const camera = new cv.Mat(matrix, cv.CV_64F);
  const poses: PoseVector[] = [];
  for (const [i, points] of object.entries()) {
    const { returnValue, rvec, tvec } = await cv.solvePnPAsync(
      points,
      image[i] ?? [],
      camera,
      [0, 0, 0, 0, 0],
    );
    const pose: PoseVector = [rvec.x, rvec.y, rvec.z, tvec.x, tvec.y, tvec.z];
    if (!returnValue || !pose.every(Number.isFinite)) throw withoutPose(i);
    poses.push(pose);
  }
  return { intrinsics: [focalPx, focalPx, cx, cy, 0, 0, 0, 0, 0], poses };
}

function cornerOf(board: KnownBoard, id: number): Vector3 {
  return board.cornersMm[id] as Vector3;
}

function pointOf(cv: OpenCv, pointsPx: Float64Array, i: number): object {
  return new cv.Point2(pointsPx[2 * i] as number, pointsPx[2 * i + 1] as number);
}

function plausible(focalPx: number | undefined, longerSidePx: number): number {
  const share = (focalPx ?? Number.NaN) / longerSidePx;
  const [least, most] = plausibleFocal;
  return (share >= least && share <= most ? share : usualFocal) * longerSidePx;
}

function withoutPose(index: number): WorldError {
  return new WorldError("CALIBRATION_FAILED", `The board in image ${index + 1} of those used has no pose.`, {
    advice: "Leave that image out: its corners may belong to something else than the board.",
  });
}
