/**
 * Gives every trigger and every frame exactly one outcome. Pure: no I/O, no clock of its own.
 *
 * A frame belongs to the trigger whose exposure start, carried over to the camera's own clock, fits
 * its device time. Order of arrival decides nothing: a frame that fits no trigger yet is held while
 * a trigger is open whose ticks are still unknown, and is judged when they are known.
 */
import { CallerError } from "../base/errors.js";
import type { Arm, TriggerReport } from "../devices/contract/trigger-board.js";
import { CameraClock, type ClockSample, edgeNoise, feedbackNoise } from "./camera-clock.js";
import { FrameCounter } from "./frame-counter.js";
import type { ClosedTrigger, FrameStamp, StrayFate, TickWindow } from "./frame-fate.js";
import { closedFrame, newTrigger, outcomeOf, stray, type Trigger } from "./pairing-trigger.js";
import { arms, type PerArm, perArm } from "./rig.js";

/** A second trigger that fits must lie this many times farther than the best. */
const clearlyBetter = 3;

export interface PairingOptions {
  /** Which arms return an exposure pulse; the others are matched by their trigger edge. */
  readonly feedback: PerArm<boolean>;
  /** Closed triggers that late frames are still compared with. */
  readonly history?: number;
}

export class Pairing<F extends FrameStamp> {
  readonly #feedback: PerArm<boolean>;
  readonly #history: number;
  readonly #triggers = new Map<number, Trigger<F>>();
  readonly #clocks: Record<Arm, CameraClock | null> = { near: null, far: null };
  readonly #held: Record<Arm, F[]> = { near: [], far: [] };
  /** Mean of feedback rise minus trigger edge, in ticks: stands in for a pulse that is missing. */
  readonly #lagTicks: Record<Arm, bigint | null> = { near: null, far: null };
  readonly #counters = perArm(() => new FrameCounter());

  constructor(options: PairingOptions) {
    this.#feedback = options.feedback;
    this.#history = options.history ?? 256;
  }

  /** Holes in the frame counters of all arms so far. */
  get framesLost(): PerArm<number> {
    return perArm((arm) => this.#counters[arm].lost);
  }

  clock(arm: Arm): CameraClock | null {
    return this.#clocks[arm];
  }

  /** Exposure start of a fired trigger on the board's clock; null before it is known. */
  exposureStart(shotId: number, arm: Arm): bigint | null {
    return this.#triggers.get(shotId)?.referenceTick[arm] ?? null;
  }

  /** Frames of the arm that wait for a trigger's ticks or for the clock to be fitted. */
  held(arm: Arm): readonly F[] {
    return this.#held[arm];
  }

  /**
   * Starts an arm anew: its camera was armed again (frame ids start over) or one of the clocks
   * jumped (another camera, another boot of the board). Frames are then held until
   * {@link setClock}; triggers closed so far can get no late frame of this arm any more.
   */
  restart(arm: Arm): readonly StrayFate<F>[] {
    this.#clocks[arm] = null;
    this.#counters[arm].restart();
    for (const trigger of this.#triggers.values()) {
      trigger.referenceTick[arm] = null;
      trigger.window[arm] = null;
    }
    return this.#held[arm].splice(0).map((frame) => stray(arm, frame));
  }

  /** The clock of an arm is known: from `samples`, oldest first, at least one. */
  setClock(arm: Arm, samples: readonly ClockSample[]): readonly StrayFate<F>[] {
    const [first, ...later] = samples;
    if (first === undefined) throw new RangeError("a clock needs at least one sample");
    const clock = new CameraClock(first, this.#feedback[arm] ? feedbackNoise : edgeNoise);
    for (const sample of later) clock.update(sample);
    this.#clocks[arm] = clock;
    return this.#judgeHeld(arm);
  }

  /** A trigger is about to be fired. */
  open(shotId: number): void {
    if (this.#triggers.has(shotId)) {
      throw new CallerError("USAGE", `trigger ${shotId} is already known to the pairing`, {
        advice: "Open a new shot for every trigger.",
      });
    }
    this.#triggers.set(shotId, newTrigger(shotId));
  }

  /** It fired; the ticks are known. */
  fired(shotId: number, report: TriggerReport): readonly StrayFate<F>[] {
    const trigger = this.#openTrigger(shotId);
    trigger.end = "fired";
    for (const arm of arms) trigger.referenceTick[arm] = this.#measureStart(arm, report);
    return this.#judgeAllHeld();
  }

  /** It certainly did not fire. */
  notFired(shotId: number): readonly StrayFate<F>[] {
    this.#openTrigger(shotId).end = "not-fired";
    return this.#judgeAllHeld();
  }

  /** Nobody knows. With a `window`, frames from within it are still given to this trigger. */
  unknown(shotId: number, window: TickWindow | null): readonly StrayFate<F>[] {
    const trigger = this.#openTrigger(shotId);
    trigger.end = "unknown";
    for (const arm of arms) trigger.window[arm] = window;
    return this.#judgeAllHeld();
  }

  /** Takes a frame; returns it at once when its fate is already clear and lies outside a shot. */
  add(arm: Arm, frame: F): readonly StrayFate<F>[] {
    this.#counters[arm].count(frame.frameId);
    this.#held[arm].push(frame);
    return this.#judgeHeld(arm);
  }

  /** Arms from which an open trigger still awaits a frame. */
  awaited(shotId: number): readonly Arm[] {
    const trigger = this.#openTrigger(shotId);
    if (trigger.end === "not-fired") return [];
    return arms.filter((arm) => trigger.frames[arm] === null);
  }

  /** Ends a trigger with what has come. The frames of a good pair teach the clocks. */
  close(shotId: number): { readonly trigger: ClosedTrigger<F>; readonly strays: readonly StrayFate<F>[] } {
    const trigger = this.#openTrigger(shotId);
    if (trigger.end === null) {
      throw new CallerError("USAGE", `trigger ${shotId} was closed before its fire ended`, {
        advice: "Report fired, notFired or unknown first.",
      });
    }
    trigger.closed = true;
    const outcome = outcomeOf(trigger);
    const frames = perArm((arm) => closedFrame(trigger.frames[arm], outcome));
    this.#learn(trigger);
    this.#forgetOldTriggers();
    // The history keeps what late frames are compared with, not the frames.
    trigger.frames.near = null;
    trigger.frames.far = null;
    return { trigger: { shotId, outcome, frames }, strays: this.#judgeAllHeld() };
  }

  /** No more frames will come: what is held fits nothing. */
  finish(): readonly StrayFate<F>[] {
    return arms.flatMap((arm) => this.#held[arm].splice(0).map((frame) => stray(arm, frame)));
  }

  #measureStart(arm: Arm, report: TriggerReport): bigint {
    const edge = report.edgeTick[arm];
    const pulse = this.#feedback[arm] ? report.feedback[arm] : null;
    const known = this.#lagTicks[arm];
    if (pulse === null) return edge + (known ?? 0n);
    const lag = pulse.riseTick - edge;
    this.#lagTicks[arm] = known === null ? lag : known + (lag - known) / 8n;
    return pulse.riseTick;
  }

  #judgeAllHeld(): readonly StrayFate<F>[] {
    return arms.flatMap((arm) => this.#judgeHeld(arm));
  }

  #judgeHeld(arm: Arm): readonly StrayFate<F>[] {
    const clock = this.#clocks[arm];
    if (clock === null) return [];
    const fates: StrayFate<F>[] = [];
    this.#held[arm] = this.#held[arm].filter((frame) => {
      const fate = this.#judge(arm, frame, clock);
      if (fate === "held") return true;
      if (fate !== "taken") fates.push(fate);
      return false;
    });
    return fates;
  }

  #judge(arm: Arm, frame: F, clock: CameraClock): StrayFate<F> | "held" | "taken" {
    const fitting = this.#bestFit(arm, frame, clock);
    // A trigger whose ticks are still unknown may be the one; a window is only the last resort.
    if (fitting === null && this.#isAnyUnreported()) return "held";
    const trigger = fitting ?? this.#windowFit(arm, frame, clock);
    if (trigger === null) return stray(arm, frame);
    if (trigger.taken[arm]) return stray(arm, frame);
    trigger.taken[arm] = true;
    if (trigger.closed) return { arm, frame, outcome: "late", shotId: trigger.shotId };
    trigger.frames[arm] = frame;
    return "taken";
  }

  #isAnyUnreported(): boolean {
    return [...this.#triggers.values()].some((trigger) => trigger.end === null);
  }

  /**
   * The fired trigger whose exposure start fits best. When two fit and the best is not clearly
   * better, none does: a guess could make a pair of two different moments.
   */
  #bestFit(arm: Arm, frame: F, clock: CameraClock): Trigger<F> | null {
    let best: Trigger<F> | null = null;
    let bestUs = Number.POSITIVE_INFINITY;
    let secondUs = Number.POSITIVE_INFINITY;
    for (const trigger of this.#triggers.values()) {
      const tick = trigger.referenceTick[arm];
      if (tick === null) continue;
      const distanceUs = Math.abs(Number(frame.deviceTimeNs - clock.deviceTimeNs(tick))) / 1000;
      if (distanceUs > clock.toleranceUs(tick)) continue;
      if (distanceUs < bestUs) {
        secondUs = bestUs;
        bestUs = distanceUs;
        best = trigger;
      } else {
        secondUs = Math.min(secondUs, distanceUs);
      }
    }
    return bestUs * clearlyBetter < secondUs ? best : null;
  }

  #windowFit(arm: Arm, frame: F, clock: CameraClock): Trigger<F> | null {
    for (const trigger of this.#triggers.values()) {
      const window = trigger.window[arm];
      if (window === null || trigger.taken[arm]) continue;
      const { from, to } = window;
      const toleranceNs = BigInt(Math.round(clock.toleranceUs(to) * 1000));
      const early = frame.deviceTimeNs < clock.deviceTimeNs(from) - toleranceNs;
      const late = frame.deviceTimeNs > clock.deviceTimeNs(to) + toleranceNs;
      if (!early && !late) return trigger;
    }
    return null;
  }

  #learn(trigger: Trigger<F>): void {
    for (const arm of arms) {
      const frame = trigger.frames[arm];
      const tick = trigger.referenceTick[arm];
      if (frame?.status !== "complete" || tick === null) continue;
      this.#clocks[arm]?.update({ tick, deviceTimeNs: frame.deviceTimeNs });
    }
  }

  #forgetOldTriggers(): void {
    for (const [shotId, trigger] of this.#triggers) {
      if (this.#triggers.size <= this.#history) return;
      if (trigger.closed) this.#triggers.delete(shotId);
    }
  }

  #openTrigger(shotId: number): Trigger<F> {
    const trigger = this.#triggers.get(shotId);
    if (trigger === undefined || trigger.closed) {
      throw new CallerError("USAGE", `trigger ${shotId} is not open`, {
        advice: "Call open(shotId) first, and close it once.",
      });
    }
    return trigger;
  }
}
