/** What calibrations need of an opened rig: single triggers, both frames decoded, nothing stored. */
import type { PerArm } from "../../capture/rig.js";
import type { CameraIdentity } from "../../devices/contract/camera.js";
import type { TargetGuide } from "../../devices/contract/target-guide.js";
import type { Arm, BoardIdentity, TriggerReport } from "../../devices/contract/trigger-board.js";
import type { LinearImage, RawFrame } from "../../imaging/raw-frame.js";
import type { RigConfig } from "../../schema/rig-config.js";

/** One trigger that gave both frames. */
export interface RigShot {
  readonly shotId: number;
  readonly report: TriggerReport;
  /** Near exposure start minus far exposure start; null when it was not measured. */
  readonly skewUs: number | null;
  readonly near: ShotFrame;
  readonly far: ShotFrame;
}

export interface ShotFrame {
  readonly raw: RawFrame;
  /** Upright, un-mirrored, linear. Decoded on first use. */
  image(): Promise<LinearImage>;
}

export interface RigShooter {
  readonly config: RigConfig;
  readonly board: BoardIdentity;
  readonly cameras: PerArm<CameraIdentity>;
  readonly guide: TargetGuide;
  /**
   * Fires once. A trigger that does not end as a pair is fired again, `limits.retakes` times.
   * @throws WorldError SYNC_FAILED or RIG_FAILED that names what did not come.
   */
  shoot(signal?: AbortSignal): Promise<RigShot>;
  /** Near entrance pupil to eye plane. */
  moveTo(distanceMm: number, signal?: AbortSignal): Promise<void>;
  /**
   * From the next shot on, until it is set again; resolves with what the camera really holds.
   * @throws WorldError CAMERA_REFUSED; the camera then keeps what it had.
   */
  setExposure(arm: Arm, exposureUs: number): Promise<number>;
  /** Delays of the trigger edges; resolves with what the board holds. */
  setDelays(delayUs: PerArm<number>): Promise<PerArm<number>>;
  /** Disarms everything and lets the guide put things back; does not close the rig. */
  end(): Promise<void>;
}
