/** What a run tells the outside: its state, its totals and its events. Decides nothing. */
import type { Clock } from "../base/clock.js";
import type { Logger } from "../base/log.js";
import {
  type FrameOutcome,
  frameOutcomes,
  type ShotRecord,
  type StrayFrame,
  type TriggerOutcome,
  triggerOutcomes,
  type Verdict,
  verdicts,
} from "../schema/records.js";
import type { PerArm } from "./rig.js";
import type { RunEvent, RunListener, RunState, RunTotals, RunWarning } from "./run-events.js";

export class RunMonitor {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listeners = new Set<RunListener>();
  readonly #triggersByOutcome = zeros<TriggerOutcome>(triggerOutcomes);
  readonly #framesByOutcome = zeros<FrameOutcome>(frameOutcomes);
  readonly #shotsByVerdict = zeros<Verdict>(verdicts);
  #triggers = 0;
  #dryTriggers = 0;
  #recoveries = 0;
  #state: RunState = "idle";
  #since: string;
  #lastShot: ShotRecord | null = null;
  #lastWarning: string | null = null;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
    this.#since = clock.utcNow();
  }

  get state(): RunState {
    return this.#state;
  }

  get since(): string {
    return this.#since;
  }

  get lastShot(): ShotRecord | null {
    return this.#lastShot;
  }

  get lastWarning(): string | null {
    return this.#lastWarning;
  }

  subscribe(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A listener that throws is its own problem: it is logged and the run goes on. */
  emit(event: RunEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ error, event: event.kind }, "a listener of the run failed");
      }
    }
  }

  enter(state: RunState): void {
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    this.#since = this.#clock.utcNow();
    this.#logger.debug({ state, previous }, "run state");
    this.emit({ kind: "state", state, previous, at: this.#since });
  }

  warn(warning: RunWarning): void {
    this.#lastWarning = warning.message;
    this.#logger.warn({ advice: warning.advice }, warning.message);
    this.emit({ kind: "warning", warning });
  }

  countShot(shot: ShotRecord): void {
    this.#triggers++;
    this.#triggersByOutcome[shot.outcome]++;
    for (const frame of shot.frames) this.#framesByOutcome[frame.outcome]++;
    if (shot.purpose === "sync") {
      this.#dryTriggers++;
      return;
    }
    this.#shotsByVerdict[shot.verdict]++;
    this.#lastShot = shot;
  }

  countStray(frame: StrayFrame): void {
    this.#framesByOutcome[frame.outcome]++;
  }

  countRecovery(): void {
    this.#recoveries++;
  }

  totals(framesLost: PerArm<number>): RunTotals {
    return {
      triggers: this.#triggers,
      dryTriggers: this.#dryTriggers,
      triggersByOutcome: { ...this.#triggersByOutcome },
      shotsByVerdict: { ...this.#shotsByVerdict },
      framesByOutcome: { ...this.#framesByOutcome },
      framesLost,
      recoveries: this.#recoveries,
    };
  }
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
