import type { CameraIdentity } from "../../devices/contract/camera.js";
import type { Arm, BoardIdentity } from "../../devices/contract/trigger-board.js";
import type { CalibratedRig } from "../../schema/calibration-header.js";
import type { RigConfig } from "../../schema/rig-config.js";

/** What a record says of the rig it was made on. A `RigShooter` is such a rig. */
export function calibratedRig(rig: {
  readonly config: RigConfig;
  readonly board: Pick<BoardIdentity, "boardId">;
  readonly cameras: Readonly<Record<Arm, CameraIdentity>>;
}): CalibratedRig {
  const { config, board, cameras } = rig;
  return {
    name: config.name,
    near: deviceOf(cameras.near),
    far: deviceOf(cameras.far),
    boardId: board.boardId,
    config,
    virtual: config.virtual !== undefined,
  };
}

function deviceOf({ vendor, model, serial }: CameraIdentity): CalibratedRig["near"] {
  return { vendor, model, serial };
}
