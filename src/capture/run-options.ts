import type { Clock } from "../base/clock.js";
import type { Logger } from "../base/log.js";
import type { Dataset } from "../dataset/dataset.js";
import type { FrameProcessor } from "../imaging/frame-processor.js";
import type { RigConfig } from "../schema/rig-config.js";
import type { Rig, RigFactory } from "./rig.js";
import type { Pacing } from "./run-events.js";
import type { CaptureSession } from "./session.js";

export interface CaptureRunOptions {
  /** Opened and idle; closed by the caller after the run. */
  readonly rig: Rig;
  readonly factory: RigFactory;
  readonly config: RigConfig;
  readonly session: CaptureSession;
  readonly dataset: Dataset;
  readonly frameProcessor: FrameProcessor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pacing: Pacing;
  /** How long a lost device is waited for before the run fails. */
  readonly recoveryMs?: number;
  /** Shots captured ahead of their acknowledgement, previews included. */
  readonly storeCapacity?: number;
  readonly previewLongEdgePx?: number;
  /** BROKEN shots in a row that pause a run, or end an unattended one. */
  readonly mostBroken?: number;
}

export const runDefaults = {
  recoveryMs: 120_000,
  storeCapacity: 3,
  previewLongEdgePx: 640,
  mostBroken: 10,
};
