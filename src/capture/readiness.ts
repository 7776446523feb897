/** Makes the rig ready for a real shot: cameras synced, lost devices brought back. */
import { sleep } from "../base/abort.js";
import type { Clock } from "../base/clock.js";
import type { Dataset, OpenShot } from "../dataset/dataset.js";
import type { CameraFrame } from "../devices/contract/camera.js";
import type { RigConfig } from "../schema/rig-config.js";
import type { DryTrigger } from "./arm-barrier.js";
import type { CapturedShot } from "./captured-shot.js";
import { ClockSync } from "./clock-sync.js";
import type { Condition } from "./condition.js";
import { dryShotFrames, dryShotRecord } from "./dry-shot.js";
import type { FrameIntake } from "./frame-intake.js";
import type { LiveRig } from "./live-rig.js";
import type { Pairing } from "./pairing.js";
import { arms, perArm } from "./rig.js";
import type { RunMonitor } from "./run-monitor.js";
import type { ShotStore } from "./shot-store.js";
import { skewOf } from "./skew.js";

export interface ReadinessOptions {
  readonly live: LiveRig;
  readonly pairing: Pairing<CameraFrame>;
  readonly intake: FrameIntake;
  readonly changed: Condition;
  readonly store: ShotStore;
  readonly monitor: RunMonitor;
  readonly dataset: Dataset;
  readonly config: RigConfig;
  readonly clock: Clock;
  readonly sessionId: string;
  /** Ends waits for the world; nothing is in flight then. */
  readonly signal: AbortSignal;
  /** How long lost devices are waited for, in ms. */
  readonly recoveryMs: number;
}

const retryMs = 500;

export class Readiness {
  readonly #options: ReadinessOptions;
  readonly #clockSync: ClockSync<OpenShot>;
  /** Where the rail stands, for the records of dry triggers. */
  #distanceMm = 0;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#clockSync = new ClockSync({
      ...options,
      openShot: () => options.dataset.openShot(this.#dryIntent()),
      onDry: (dry) => this.#commitDry(dry),
    });
  }

  /** Fits the clocks that are not fitted, or no more. Returns at once when all are. */
  async ensureSynced(distanceMm: number): Promise<void> {
    if (!this.#clockSync.isDue()) return;
    this.#options.monitor.enter("syncing");
    await this.#sync(distanceMm);
  }

  /**
   * Waits for lost devices, opens them again and syncs anew.
   * @throws the last error when they are not back within `recoveryMs`, or why none can come back.
   */
  async recover(trouble: Error, distanceMm: number): Promise<void> {
    const { live, monitor, recoveryMs, signal } = this.#options;
    monitor.enter("recovering");
    monitor.warn({ message: trouble.message, advice: "nearfar waits for the device and goes on by itself." });
    const giveUpAtMs = performance.now() + recoveryMs;
    for (;;) {
      try {
        await live.restore(signal);
        await live.probe();
        if (live.trouble !== null) throw live.trouble;
        if (live.unsynced.length > 0) await this.#sync(distanceMm);
        monitor.countRecovery();
        return;
      } catch (error) {
        signal.throwIfAborted();
        const hopeless = live.hopeless();
        if (hopeless !== null) throw hopeless;
        if (this.#options.store.failed || performance.now() > giveUpAtMs) throw error;
        await sleep(retryMs, signal);
      }
    }
  }

  async #sync(distanceMm: number): Promise<void> {
    const { store, signal } = this.#options;
    // Acknowledgements keep the order of shot ids.
    await store.committed();
    this.#distanceMm = distanceMm;
    await this.#clockSync.fit(signal);
  }

  async #commitDry({ open, fire }: DryTrigger<OpenShot>): Promise<void> {
    const { live, pairing, intake, store, monitor, dataset, config } = this.#options;
    const { trigger, strays } = pairing.close(open.shotId);
    intake.dismiss(strays);
    const shot: CapturedShot = {
      open,
      trigger,
      fire,
      skew: skewOf(
        fire.kind === "fired" ? fire.report : null,
        perArm((arm) => config[arm].feedback),
      ),
      linkLost: live.boardState === "lost",
      capturedAt: open.openedAt,
      bootId: live.board.identity.bootId,
      clockFit: live.board.clockFit,
      cameras: live.cameras,
    };
    for (const frame of dryShotFrames(shot)) store.addStray(frame);
    for (const arm of arms) trigger.frames[arm]?.frame.release();
    const record = dryShotRecord(shot, config);
    await dataset.commitShot(record);
    monitor.countShot(record);
  }

  #dryIntent() {
    return {
      sessionId: this.#options.sessionId,
      purpose: "sync" as const,
      planIndex: null,
      distanceMm: this.#distanceMm,
      expression: "sync",
      pose: "sync",
      repeat: 0,
      retakeOf: null,
    };
  }
}
