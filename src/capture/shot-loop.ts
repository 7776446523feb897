/** Works through the plan: what comes next, is the rig ready for it, take it. */
import { WorldError } from "../base/errors.js";
import type { PlannedShot } from "../schema/capture-plan.js";
import type { Operator } from "./operator.js";
import { Pacer } from "./pacer.js";
import type { PlanProgress } from "./plan-progress.js";
import type { CaptureRunOptions } from "./run-options.js";
import type { RunParts } from "./run-parts.js";

export interface ShotLoopOptions {
  readonly run: Pick<CaptureRunOptions, "rig" | "dataset" | "session" | "pacing">;
  readonly parts: RunParts;
  readonly operator: Operator;
  readonly progress: PlanProgress;
  /** Ends the loop before the next shot. */
  readonly ending: AbortSignal;
  readonly onSkip: () => void;
}

export class ShotLoop {
  readonly #options: ShotLoopOptions;
  readonly #pacer: Pacer;
  #failure: Error | null = null;
  /** Where the rail stands; null before its first move. */
  #distanceMm: number | null = null;
  #current: PlannedShot | null = null;
  #shotId: number | null = null;

  constructor(options: ShotLoopOptions) {
    this.#options = options;
    const { run, parts, operator, ending } = options;
    const { monitor, changed } = parts;
    const { pacing } = run;
    const { countdownS } = run.session.plan;
    const interrupted = (planned: PlannedShot): boolean => this.#isOvertaken(planned);
    this.#pacer = new Pacer({ pacing, countdownS, operator, monitor, changed, interrupted, ending });
  }

  /** The planned shot at work; null between two. */
  get current(): PlannedShot | null {
    return this.#current;
  }

  /** The shot in flight; null when none is. */
  get shotId(): number | null {
    return this.#shotId;
  }

  /** Ends the loop with an error before the next shot. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#options.parts.changed.notify();
  }

  /**
   * Until no planned shot is owed and every verdict is in, or the end is asked for.
   * @throws the reason of `ending` when that came while it waited for the world.
   */
  async run(): Promise<void> {
    for (;;) {
      const planned = await this.#next();
      if (planned === null) return;
      this.#current = planned;
      if (await this.#prepare(planned)) await this.#take(planned);
      this.#current = null;
    }
  }

  async #next(): Promise<PlannedShot | null> {
    const { parts, progress, ending } = this.#options;
    const { store, changed } = parts;
    await changed.until(() => progress.next() !== null || store.uncommitted === 0 || this.#isOver());
    store.throwIfFailed();
    if (this.#failure !== null) throw this.#failure;
    return ending.aborted ? null : progress.next();
  }

  /** Brings the rig to the moment of fire; false when the plan must be looked at again first. */
  async #prepare(planned: PlannedShot): Promise<boolean> {
    const { parts, operator, progress, onSkip } = this.#options;
    const { live, readiness, monitor, store } = parts;
    if (live.trouble !== null) {
      await readiness.recover(live.trouble, planned.distanceMm);
      return false;
    }
    if (!(await this.#moveTo(planned))) return false;
    await this.#guide(planned);
    await this.#syncOrRecover(planned.distanceMm);
    if (live.trouble !== null) return false;
    monitor.enter("ready");
    await store.room();
    await this.#pacer.wait(planned);
    if (operator.takeSkip()) {
      progress.skip(planned);
      onSkip();
      return false;
    }
    return !this.#isOvertaken(planned);
  }

  async #moveTo(planned: PlannedShot): Promise<boolean> {
    if (this.#distanceMm === planned.distanceMm) return true;
    const { run, parts, progress, ending } = this.#options;
    // Retakes owed at this distance come before the rail moves on.
    await parts.store.committed();
    if (progress.next()?.index !== planned.index) return false;
    parts.monitor.enter("moving");
    try {
      await run.rig.stage.moveTo(planned.distanceMm, ending);
    } catch (error) {
      ending.throwIfAborted();
      throw error;
    }
    this.#distanceMm = planned.distanceMm;
    return true;
  }

  async #guide(planned: PlannedShot): Promise<void> {
    const { run, ending } = this.#options;
    try {
      await run.rig.guide?.show(planned, ending);
    } catch (error) {
      ending.throwIfAborted();
      throw error;
    }
  }

  async #syncOrRecover(distanceMm: number): Promise<void> {
    const { parts, ending } = this.#options;
    const { live, monitor, readiness, store } = parts;
    try {
      await readiness.ensureSynced(distanceMm);
    } catch (error) {
      ending.throwIfAborted();
      // Before the first shot a rig that does not sync is told at once; later it may come back.
      const mayComeBack = live.trouble !== null || monitor.lastShot !== null;
      if (!(error instanceof WorldError) || !mayComeBack || store.failed) throw error;
      await readiness.recover(live.trouble ?? error, distanceMm);
    }
  }

  async #take(planned: PlannedShot): Promise<void> {
    const { run, parts, progress } = this.#options;
    const { monitor, taker, store, live } = parts;
    monitor.enter("arming");
    const { index: planIndex, distanceMm, expression, pose, repeat } = planned;
    const open = await run.dataset.openShot({
      sessionId: run.session.record.sessionId,
      purpose: "pair",
      ...{ planIndex, distanceMm, expression, pose, repeat },
      retakeOf: progress.retakeOf(planned),
    });
    progress.begin(planned, open.shotId);
    this.#shotId = open.shotId;
    try {
      const shot = await taker.take(open, (phase) => monitor.enter(phase));
      store.add(shot);
      // A trigger that did not go off may be the first sign of a board that is gone or has booted.
      if (shot.fire.kind !== "fired") await live.probe();
    } finally {
      this.#shotId = null;
    }
  }

  #isOver(): boolean {
    return this.#options.ending.aborted || this.#options.parts.store.failed || this.#failure !== null;
  }

  /** A retake, a loss, a wish or a stop has come before the shot at hand. */
  #isOvertaken(planned: PlannedShot): boolean {
    const { operator, parts, progress } = this.#options;
    if (this.#isOver() || operator.paused || operator.wantsSkip) return true;
    return parts.live.trouble !== null || progress.next()?.index !== planned.index;
  }
}
