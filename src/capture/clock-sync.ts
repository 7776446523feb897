/** Keeps the cameras' clocks fitted to the board's by dry triggers. */
import type { Clock } from "../base/clock.js";
import type { CameraFrame } from "../devices/contract/camera.js";
import { tickOfHostNs } from "../devices/contract/clock-fit.js";
import type { Arm } from "../devices/contract/trigger-board.js";
import type { RigConfig } from "../schema/rig-config.js";
import { type DryTrigger, type NumberedShot, syncCameras } from "./arm-barrier.js";
import type { Condition } from "./condition.js";
import type { FrameIntake } from "./frame-intake.js";
import type { LiveRig } from "./live-rig.js";
import type { Pairing } from "./pairing.js";
import { arms } from "./rig.js";

export interface ClockSyncOptions<Open extends NumberedShot> {
  readonly live: LiveRig;
  readonly pairing: Pairing<CameraFrame>;
  readonly intake: FrameIntake;
  readonly changed: Condition;
  readonly config: RigConfig;
  readonly clock: Clock;
  readonly openShot: () => Promise<Open>;
  /** Closes a dry trigger in the pairing and releases what it got; called for every one that was fired. */
  readonly onDry: (dry: DryTrigger<Open>) => Promise<void>;
}

/** Uncertainty of a clock beyond which frames of neighbouring shots could be mistaken. */
const stalestUs = 20_000;

export class ClockSync<Open extends NumberedShot> {
  readonly #options: ClockSyncOptions<Open>;

  constructor(options: ClockSyncOptions<Open>) {
    this.#options = options;
  }

  /** Holds clocks for void that nobody has compared for too long; true when one must be fitted. */
  isDue(): boolean {
    const { live } = this.#options;
    live.forgetClocks(this.#stale());
    return live.unsynced.length > 0;
  }

  /**
   * Fits the clocks that are not.
   * @throws WorldError SYNC_FAILED, CAMERA_LOST.
   */
  async fit(signal: AbortSignal): Promise<void> {
    const { live, pairing, intake, changed, clock, config, openShot, onDry } = this.#options;
    const unsynced = live.unsynced;
    live.forgetClocks(unsynced);
    const fired: DryTrigger<Open>[] = [];
    const { board, settings } = live;
    const { frameTimeoutMs } = config.limits;
    const barrier = { board, settings, pairing, intake, changed, clock, frameTimeoutMs, openShot, signal };
    try {
      await syncCameras(barrier, unsynced, fired);
    } finally {
      for (const dry of fired) await onDry(dry);
    }
  }

  #stale(): readonly Arm[] {
    const { live, pairing, clock } = this.#options;
    const fit = live.board.clockFit;
    if (fit === null) return [];
    const tick = tickOfHostNs(fit, clock.monotonicNs());
    return arms.filter((arm) => (pairing.clock(arm)?.toleranceUs(tick) ?? 0) > stalestUs);
  }
}
