/** Where a board stands before an arm whose lens is not calibrated. */
import { identity, type Rigid } from "../../geometry/rigid.js";
import type { Vector3 } from "../../geometry/vector.js";
import { poseFromOneView, type SeenCorners } from "../geometry/pair/board-pose.js";

/** Below this many corners a pose follows their noise. */
const leastCorners = 8;

/**
 * @param cornersMm [id]: in the board's own frame.
 * @returns T_camera_board of a camera without distortion that looks through the middle of the image; null with fewer
 *   than 8 corners, or when they lie in line.
 */
export function boardPose(
  seen: SeenCorners,
  cornersMm: readonly Vector3[],
  focalPx: number,
  [widthPx, heightPx]: readonly [number, number],
): Rigid | null {
  if (seen.ids.length < leastCorners) return null;
  const middle = [(widthPx - 1) / 2, (heightPx - 1) / 2] as const;
  const intrinsics = [focalPx, focalPx, ...middle, 0, 0, 0, 0, 0] as const;
  return poseFromOneView({ camera: { intrinsics, T_camera_rig: identity }, seen }, cornersMm);
}
