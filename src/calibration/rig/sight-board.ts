/** One shot of a board, looked at in both views. */
import { arms, perArm } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import { grayOfLinear } from "../../imaging/gray.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { Vision } from "../../native/vision.js";
import { detectInImage } from "../geometry/observations/detect-boards.js";
import { requireHandedness } from "../geometry/observations/handedness.js";
import type { KnownBoard, SeenBoard } from "../geometry/observations/seen-board.js";
import type { RigShooter } from "./shooter.js";

export interface BoardsInShot {
  readonly shotId: number;
  /** Those of the boards that the arm saw. */
  readonly near: readonly SeenBoard[];
  readonly far: readonly SeenBoard[];
  /** Width and height. */
  readonly imageSizePx: { readonly near: readonly [number, number]; readonly far: readonly [number, number] };
}

/**
 * Shoots, and finds the boards in both images.
 * @throws CALIBRATION_REFUSED when markers tell that an arm's images are mirrored after decoding; what shooting throws.
 */
export async function sightBoards(
  shooter: RigShooter,
  vision: Vision,
  boards: readonly KnownBoard[],
  signal?: AbortSignal,
): Promise<BoardsInShot> {
  const shot = await shooter.shoot(signal);
  const options = signal === undefined ? { vision } : { vision, signal };
  const images = await Promise.all(arms.map((arm) => shot[arm].image()));
  const look = async (arm: Arm): Promise<readonly SeenBoard[]> => {
    const name = `shot ${shot.shotId} ${arm}`;
    const sighting = await detectInImage(
      name,
      grayOfLinear(images[arms.indexOf(arm)] as LinearImage),
      boards,
      options,
    );
    requireHandedness([sighting], { expected: "as-seen", subject: `the ${arm} camera` });
    return sighting.boards;
  };
  const [near, far] = await Promise.all([look("near"), look("far")]);
  const sizeOf = ({ widthPx, heightPx }: LinearImage): [number, number] => [widthPx, heightPx];
  const sizes = perArm((arm) => sizeOf(images[arms.indexOf(arm)] as LinearImage));
  return { shotId: shot.shotId, near, far, imageSizePx: sizes };
}
