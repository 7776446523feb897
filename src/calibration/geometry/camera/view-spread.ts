/** How well views cover the board's turns and distances. */
import { rigidOfPose, rotate, transform } from "../../../geometry/rigid.js";
import { dot, type Vector3 } from "../../../geometry/vector.js";
import type { KnownBoard } from "../observations/seen-board.js";
import { medianOf } from "./image-grid.js";
import type { PoseVector } from "./start-values.js";

/**
 * Angle between the planes of two views of the board, degrees, that a tenth of all pairs of views exceed. Boards that
 * are parallel to each other leave the focal length open, whatever they are turned to otherwise.
 */
export function tiltSpreadDeg(poses: readonly PoseVector[]): number {
  const normals = poses.map((pose) => rotate(rigidOfPose(pose).rotation, [0, 0, 1]));
  const angles = normals.flatMap((a, i) =>
    normals.slice(i + 1).map((b) => (Math.acos(Math.min(1, Math.abs(dot(a, b)))) * 180) / Math.PI),
  );
  angles.sort((a, b) => a - b);
  return angles[Math.floor(0.9 * angles.length)] ?? 0;
}

/** Median distance of the board's middle along the camera's axis, mm. */
export function medianDistanceMm(
  poses: readonly PoseVector[],
  { cornersMm }: Pick<KnownBoard, "cornersMm">,
): number {
  const middle = [0, 1, 2].map(
    (axis) => cornersMm.reduce((sum, corner) => sum + (corner[axis] as number), 0) / cornersMm.length,
  ) as unknown as Vector3;
  return medianOf(poses.map((pose) => transform(rigidOfPose(pose), middle)[2]));
}
