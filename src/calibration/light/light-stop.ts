import type { PerArm } from "../../capture/rig.js";
import type { GhostSight } from "./rig-ghost.js";
import type { ArmSharpness } from "./rig-sharpness.js";

/** What was found at one stop of the rail. */
export interface LightStop {
  readonly distanceMm: number;
  readonly ghosts: PerArm<GhostSight>;
  /** Null for an arm that did not see the board in the eye plane. */
  readonly sharpness: PerArm<ArmSharpness | null>;
}
