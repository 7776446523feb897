/** The waits before a shot: pause, the operator's command, the countdown. */
import type { PlannedShot } from "../schema/capture-plan.js";
import type { Condition } from "./condition.js";
import type { Operator } from "./operator.js";
import type { Pacing } from "./run-events.js";
import type { RunMonitor } from "./run-monitor.js";

export interface PacerOptions {
  readonly pacing: Pacing;
  readonly countdownS: number;
  readonly operator: Operator;
  readonly monitor: RunMonitor;
  readonly changed: Condition;
  /** Something else than the shot at hand must be seen to first. */
  readonly interrupted: (planned: PlannedShot) => boolean;
  readonly ending: AbortSignal;
}

export class Pacer {
  readonly #options: PacerOptions;

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  /** Returns when it is time to fire, or early when interrupted. */
  async wait(planned: PlannedShot): Promise<void> {
    const { pacing, operator, changed, interrupted } = this.#options;
    if (operator.paused) await this.#whilePaused();
    if (pacing === "on-command") {
      await changed.until(() => operator.wantsShoot || interrupted(planned));
      // A wish that was overtaken still holds for the shot that comes first now.
      if (interrupted(planned)) return;
      operator.forgetShoot();
    }
    if (pacing !== "unattended" && !interrupted(planned)) await this.#countDown(planned);
  }

  async #whilePaused(): Promise<void> {
    const { monitor, changed, operator, ending } = this.#options;
    monitor.enter("paused");
    await changed.until(() => !operator.paused || ending.aborted);
  }

  async #countDown(planned: PlannedShot): Promise<void> {
    const { countdownS, monitor, changed, interrupted } = this.#options;
    if (countdownS === 0) return;
    monitor.enter("countdown");
    const whole = Math.ceil(countdownS);
    for (let secondsLeft = whole; secondsLeft > 0; secondsLeft--) {
      monitor.emit({ kind: "countdown", secondsLeft, planned });
      // The first step takes what the whole seconds leave over.
      const stepMs = secondsLeft === whole ? (countdownS - whole + 1) * 1000 : 1000;
      if (await changed.until(() => interrupted(planned), stepMs)) return;
    }
    monitor.emit({ kind: "countdown", secondsLeft: 0, planned });
  }
}
