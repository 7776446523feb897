/** What capture drives: devices behind their contracts, handed in by `app`. */
import type { Camera } from "../devices/contract/camera.js";
import type { Stage } from "../devices/contract/stage.js";
import type { SubjectGuide } from "../devices/contract/subject-guide.js";
import type { Arm, TriggerBoard } from "../devices/contract/trigger-board.js";

export const arms = ["near", "far"] as const satisfies readonly Arm[];

/** Something of each arm. */
export type PerArm<T> = Readonly<Record<Arm, T>>;

/** The same made for both arms, near first. */
export function perArm<T>(make: (arm: Arm) => T): Record<Arm, T> {
  return { near: make("near"), far: make("far") };
}

/** The opened devices of one rig. Whoever opened them closes them, after the run has ended. */
export interface Rig {
  readonly board: TriggerBoard;
  readonly near: Camera;
  readonly far: Camera;
  readonly stage: Stage;
  /** Null where the operator tells the subject, from what the run shows. */
  readonly guide: SubjectGuide | null;
}

/**
 * Opens a device again after it was lost. The run closes the lost one first and closes what it
 * opened itself; the board needs no such thing, it reconnects by its id.
 */
export interface RigFactory {
  /**
   * Opens the arm's camera by the serial of the rig config, in one try.
   * @throws WorldError CAMERA_NOT_FOUND while it is not back.
   */
  openCamera(arm: Arm, signal?: AbortSignal): Promise<Camera>;
  /** Why no lost device can come back (the virtual rig's process has ended), or null while one can. */
  hopeless(): Error | null;
}
