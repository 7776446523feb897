/** How frames and triggers end. */
import type { FrameStatus } from "../devices/contract/camera.js";
import type { Arm } from "../devices/contract/trigger-board.js";
import type { FrameOutcome, TriggerOutcome } from "../schema/records.js";
import type { PerArm } from "./rig.js";

/** What pairing needs of a frame; `CameraFrame` has it. */
export interface FrameStamp {
  readonly frameId: number;
  readonly deviceTimeNs: bigint;
  readonly status: FrameStatus;
}

/** A frame that found its end outside a shot. Its pixels are not needed any more. */
export interface StrayFate<F> {
  readonly arm: Arm;
  readonly frame: F;
  readonly outcome: Extract<FrameOutcome, "extra" | "late" | "incomplete">;
  /** The trigger it answers; null when it answers none. */
  readonly shotId: number | null;
}

export interface ClosedFrame<F> {
  readonly frame: F;
  readonly outcome: Extract<FrameOutcome, "paired" | "one-sided" | "incomplete">;
}

export interface ClosedTrigger<F> {
  readonly shotId: number;
  readonly outcome: TriggerOutcome;
  readonly frames: PerArm<ClosedFrame<F> | null>;
}

/** Ticks between which the exposures of a trigger must have begun whose report was lost. */
export interface TickWindow {
  readonly from: bigint;
  readonly to: bigint;
}
