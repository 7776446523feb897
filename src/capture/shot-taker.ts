/** Takes one trigger of the plan: arm, fire, collect. */
import type { Clock } from "../base/clock.js";
import type { CameraFrame } from "../devices/contract/camera.js";
import type { RigConfig } from "../schema/rig-config.js";
import type { NumberedShot } from "./arm-barrier.js";
import type { CapturedShot } from "./captured-shot.js";
import type { Condition } from "./condition.js";
import { type FiredTrigger, fireTrigger } from "./fire-trigger.js";
import type { FrameIntake } from "./frame-intake.js";
import type { LiveRig } from "./live-rig.js";
import type { Pairing } from "./pairing.js";
import { type PerArm, perArm } from "./rig.js";
import { skewOf } from "./skew.js";

export interface ShotTakerOptions {
  readonly live: LiveRig;
  readonly pairing: Pairing<CameraFrame>;
  readonly intake: FrameIntake;
  readonly changed: Condition;
  readonly config: RigConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export class ShotTaker {
  readonly #options: ShotTakerOptions;

  constructor(options: ShotTakerOptions) {
    this.#options = options;
  }

  /**
   * Fires `open` and waits for what comes of it. Never rejects for the state of the world: a lost
   * device shows in the outcome.
   */
  async take<Open extends NumberedShot>(
    open: Open,
    enter: (phase: "firing" | "collecting") => void = () => {},
  ): Promise<CapturedShot<Open>> {
    const { live, pairing, clock } = this.#options;
    const { shotId } = open;
    const bootId = live.board.identity.bootId;
    const cameras = live.cameras;
    pairing.open(shotId);
    const capturedAt = clock.utcNow();
    const fired = await fireTrigger(live.board, shotId, live.settings, clock, () => enter("firing"));
    const clockFit = live.board.clockFit;
    enter("collecting");
    await this.#collect(shotId, fired);
    const { trigger, strays } = pairing.close(shotId);
    this.#options.intake.dismiss(strays);
    const report = fired.result.kind === "fired" ? fired.result.report : null;
    const skew = skewOf(report, this.#feedbackWired);
    const linkLost = live.boardState === "lost";
    return { open, trigger, fire: fired.result, skew, linkLost, capturedAt, bootId, clockFit, cameras };
  }

  get #feedbackWired(): PerArm<boolean> {
    return perArm((arm) => this.#options.config[arm].feedback);
  }

  async #collect(shotId: number, { result, window }: FiredTrigger): Promise<void> {
    const { pairing, intake, changed, config, signal } = this.#options;
    const { near, far } = this.#options.live.cameras;
    intake.dismiss(this.#report(shotId, result, window));
    const settled = (): boolean =>
      signal.aborted || pairing.awaited(shotId).every((arm) => intake.lost(arm) !== null);
    // Feedback ends the fire only after the exposures; without it they may have just begun.
    const exposureMs = Math.max(near.settings.exposureUs, far.settings.exposureUs) / 1000;
    await changed.until(settled, exposureMs + config.limits.frameTimeoutMs);
  }

  #report(shotId: number, result: FiredTrigger["result"], window: FiredTrigger["window"]) {
    const { pairing } = this.#options;
    switch (result.kind) {
      case "fired":
        return pairing.fired(shotId, result.report);
      case "not-fired":
        return pairing.notFired(shotId);
      case "unknown":
        return pairing.unknown(shotId, window);
    }
  }
}
