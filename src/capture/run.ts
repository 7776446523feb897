/**
 * The runner of a capture session: drives the rig through the plan, one state at a time. See
 * run-events.ts for the states and shot-loop.ts for the way through them.
 */
import { sleep } from "../base/abort.js";
import { CallerError, WorldError } from "../base/errors.js";
import type { PlannedShot } from "../schema/capture-plan.js";
import type { ShotRecord } from "../schema/records.js";
import { Operator } from "./operator.js";
import { plannedShots } from "./plan.js";
import { PlanProgress } from "./plan-progress.js";
import { perArm } from "./rig.js";
import type { Progress, RunEnd, RunListener, RunStatus, RunSummary } from "./run-events.js";
import { type CaptureRunOptions, runDefaults } from "./run-options.js";
import { assembleRun, type RunParts } from "./run-parts.js";
import { ShotLoop } from "./shot-loop.js";

/** How long the frames of disarmed cameras may take to end. */
const pumpPatienceMs = 2000;

export class CaptureRun {
  readonly #options: CaptureRunOptions & typeof runDefaults;
  readonly #parts: RunParts;
  readonly #operator: Operator;
  readonly #planned: readonly PlannedShot[];
  readonly #progress: PlanProgress;
  readonly #loop: ShotLoop;
  /** Planned shots that earlier runs of the session had done. */
  readonly #doneBefore: number;
  /** Aborted by stop and abort: ends every wait in which nothing is in flight. */
  readonly #ending = new AbortController();
  /** Aborted by abort alone: the frames of the shot in flight are not waited for either. */
  readonly #aborting = new AbortController();
  #startedAtMs: number | null = null;
  #brokenInARow = 0;
  #ended: Promise<RunSummary> | null = null;

  constructor(options: CaptureRunOptions) {
    this.#options = { ...runDefaults, ...options };
    const { session, config } = this.#options;
    const ending = this.#ending.signal;
    const signals = { ending, aborting: this.#aborting.signal };
    const parts = assembleRun(this.#options, signals, (shot) => this.#onCommitted(shot));
    this.#parts = parts;
    const operator = new Operator(parts.changed);
    this.#operator = operator;
    this.#planned = plannedShots(session.plan);
    const progress = new PlanProgress(this.#planned, config.limits.retakes);
    for (const shot of session.earlierShots) progress.record(shot);
    for (const shotId of session.rejectedShotIds) progress.reject(shotId);
    this.#progress = progress;
    this.#doneBefore = progress.done;
    const onSkip = (): void => this.#emitProgress();
    this.#loop = new ShotLoop({ run: this.#options, parts, operator, progress, ending, onSkip });
  }

  /** Calls `listener` for every event from now on; returns what ends that. */
  subscribe(listener: RunListener): () => void {
    return this.#parts.monitor.subscribe(listener);
  }

  status(): RunStatus {
    return {
      state: this.#parts.monitor.state,
      since: this.#parts.monitor.since,
      sessionId: this.#options.session.record.sessionId,
      progress: this.#progressNow(),
      current: this.#loop.current ?? this.#progress.next(),
      shotId: this.#loop.shotId,
      storing: this.#parts.store.uncommitted,
      board: this.#parts.live.boardState,
      cameras: perArm((arm) => this.#parts.live.cameraState(arm)),
      totals: this.#parts.monitor.totals(this.#parts.pairing.framesLost),
      lastShot: this.#parts.monitor.lastShot,
      lastWarning: this.#parts.monitor.lastWarning,
    };
  }

  /**
   * Runs to the end of the plan, `stop` or `abort`. The session is ended unless it was aborted or
   * failed; then it can be resumed.
   * @throws WorldError when the rig or the store failed for good, after the `end` event.
   */
  start(): Promise<RunSummary> {
    if (this.#ended !== null) {
      throw new CallerError("USAGE", "this run was started before", {
        advice: "Make a run for every start.",
      });
    }
    this.#startedAtMs = performance.now();
    this.#ended = this.#runToEnd();
    return this.#ended;
  }

  /** Takes the shot that waits in `ready` (pacing `on-command`). */
  shoot(): void {
    this.#operator.shoot();
  }

  /** Leaves the current planned shot out of this run. */
  skip(): void {
    this.#operator.skip();
  }

  pause(): void {
    this.#operator.pause();
  }

  resume(): void {
    this.#operator.resume();
  }

  /** The planned shot of the last acknowledged one is taken again, linked by `retakeOf`. */
  retake(): void {
    const last = this.#parts.monitor.lastShot;
    if (last === null) return;
    this.#progress.reject(last.shotId);
    this.#parts.changed.notify();
  }

  /** Like {@link retake}, and the dataset records that the operator rejected the shot. */
  async reject(): Promise<void> {
    const last = this.#parts.monitor.lastShot;
    if (last === null) return;
    this.#progress.reject(last.shotId);
    this.#parts.changed.notify();
    await this.#review(last.shotId, "rejected", null);
  }

  /** Adds a note to the last acknowledged shot. */
  async note(text: string): Promise<void> {
    const last = this.#parts.monitor.lastShot;
    if (last !== null) await this.#review(last.shotId, "note", text);
  }

  /** Finishes the shot in flight, stores it and ends the session. */
  stop(): void {
    this.#ending.abort(stopped());
    this.#parts.changed.notify();
  }

  /** Ends as fast as is safe: what was fired is recorded, the session stays open for a resume. */
  abort(): void {
    this.#aborting.abort(stopped());
    this.stop();
  }

  async #runToEnd(): Promise<RunSummary> {
    const { monitor, live, store } = this.#parts;
    let failure: { readonly error: unknown } | null = null;
    try {
      monitor.enter("connecting");
      await live.connect();
      await this.#loop.run();
      monitor.enter("finishing");
      await store.committed();
    } catch (error) {
      if (error !== this.#ending.signal.reason) failure = { error };
    }
    return this.#finish(failure);
  }

  async #finish(failure: { readonly error: unknown } | null): Promise<RunSummary> {
    const { monitor, live, intake, pairing, store } = this.#parts;
    let end = this.#endReason(failure !== null);
    let error = failure?.error;
    if (end !== "failed") monitor.enter("finishing");
    await live.shutDown();
    // A camera that could not even be disarmed may never end its frames; its owner closes it.
    await Promise.race([intake.ended(), sleep(pumpPatienceMs)]);
    intake.dismiss(pairing.finish());
    await store.settled();
    try {
      store.throwIfFailed();
      if (end === "complete" || end === "stopped") {
        await this.#options.dataset.endSession(this.#options.session.record.sessionId);
      }
    } catch (storeError) {
      error ??= storeError;
      end = "failed";
    }
    monitor.enter(end === "failed" ? "failed" : "done");
    const summary = this.#summary(end);
    monitor.emit({ kind: "end", summary });
    if (end === "failed") throw error;
    return summary;
  }

  #endReason(failed: boolean): RunEnd {
    if (failed) return "failed";
    if (this.#aborting.signal.aborted) return "aborted";
    return this.#ending.signal.aborted ? "stopped" : "complete";
  }

  #onCommitted(shot: ShotRecord): void {
    this.#progress.record(shot);
    this.#parts.monitor.countShot(shot);
    const planned = shot.planIndex === null ? undefined : this.#planned[shot.planIndex];
    if (planned !== undefined) this.#parts.monitor.emit({ kind: "shot", shot, planned });
    this.#emitProgress();
    this.#brokenInARow = shot.verdict === "BROKEN" ? this.#brokenInARow + 1 : 0;
    if (this.#brokenInARow >= this.#options.mostBroken) this.#onBrokenRig(shot);
  }

  #onBrokenRig(shot: ShotRecord): void {
    this.#brokenInARow = 0;
    const message = `${this.#options.mostBroken} shots in a row were BROKEN, the last for ${shot.reasons.join(", ")}`;
    const advice = "Check cables and power of what the reasons name, then go on with the session.";
    if (this.#options.pacing === "unattended") {
      this.#loop.fail(new WorldError("RIG_FAILED", message, { advice }));
    } else {
      this.#operator.pause();
      this.#parts.monitor.warn({ message, advice });
    }
  }

  async #review(shotId: number, kind: "rejected" | "note", text: string | null): Promise<void> {
    const reviewedAt = this.#options.clock.utcNow();
    await this.#options.dataset.recordReview({ shotId, kind, text, reviewedAt });
  }

  #emitProgress(): void {
    this.#parts.monitor.emit({ kind: "progress", progress: this.#progressNow() });
  }

  #progressNow(): Progress {
    const { done, planned } = this.#progress;
    const doneHere = done - this.#doneBefore;
    if (doneHere <= 0 || this.#startedAtMs === null) return { done, planned, etaS: null };
    const perShotS = (performance.now() - this.#startedAtMs) / 1000 / doneHere;
    return { done, planned, etaS: perShotS * (planned - done) };
  }

  #summary(end: RunEnd): RunSummary {
    return {
      sessionId: this.#options.session.record.sessionId,
      end,
      totals: this.#parts.monitor.totals(this.#parts.pairing.framesLost),
      progress: this.#progressNow(),
      unfulfilled: this.#progress.unfulfilled.length,
    };
  }
}

function stopped(): Error {
  return new Error("the run was asked to end");
}
