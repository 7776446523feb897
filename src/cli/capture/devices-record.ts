import type { Rig } from "../../capture/rig.js";

/** What identifies the devices of a session, for its record. */
export function devicesOf(rig: Rig): object {
  return {
    board: rig.board.identity,
    near: rig.near.identity,
    far: rig.far.identity,
    stage: rig.stage.kind,
  };
}
