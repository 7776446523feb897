/**
 * A rig that exists only as times: triggers, exposures and frames with known truth, played through
 * `Pairing` in order of arrival. Times in ns since the world began unless the name says otherwise.
 */
import type { ClosedTrigger, FrameStamp, StrayFate } from "../../src/capture/frame-fate.js";
import { Pairing } from "../../src/capture/pairing.js";
import { arms, type PerArm, perArm } from "../../src/capture/rig.js";
import type { Arm, TriggerReport } from "../../src/devices/contract/trigger-board.js";
import type { FrameOutcome, TriggerOutcome } from "../../src/schema/records.js";
import type { SeededRandom } from "./seeded-random.js";

export interface WorldFrame extends FrameStamp {
  readonly arm: Arm;
  readonly arrivesNs: number;
  /** The trigger whose exposure it shows; null for an extra frame. */
  readonly shotId: number | null;
}

export interface WorldFaults {
  readonly missing: number;
  readonly late: number;
  readonly incomplete: number;
  readonly extra: number;
  readonly noPulse: number;
  readonly notFired: number;
  readonly unknown: number;
}

export const noFaults: WorldFaults = {
  missing: 0,
  late: 0,
  incomplete: 0,
  extra: 0,
  noPulse: 0,
  notFired: 0,
  unknown: 0,
};

export interface WorldOptions {
  readonly random: SeededRandom;
  readonly feedback: PerArm<boolean>;
  /** Rates of the camera clocks against the board's. */
  readonly ratePpm: PerArm<number>;
  readonly faults: WorldFaults;
  /** Triggers during which an arm sends nothing at all. */
  readonly silent?: { readonly arm: Arm; readonly fromShot: number; readonly toShot: number };
  readonly gapMs: () => number;
}

const ms = 1e6;
const collectMs = 2000;
const tickOf = (ns: number): bigint => BigInt(Math.round(ns / 62.5));

export class PairingWorld {
  readonly pairing: Pairing<WorldFrame>;
  /** Every frame that was delivered. */
  readonly frames: WorldFrame[] = [];
  /** Every fate a frame was given, in order; a frame with two shows up twice. */
  readonly fates = new Map<WorldFrame, { outcome: FrameOutcome; shotId: number | null }[]>();
  readonly outcomes = new Map<number, TriggerOutcome[]>();
  readonly closedAtNs = new Map<number, number>();
  readonly ends = new Map<number, "fired" | "not-fired" | "unknown">();
  readonly #options: WorldOptions;
  readonly #deviceZeroNs: PerArm<bigint>;
  readonly #lagNs: PerArm<number>;
  readonly #nextFrameId = { near: 7, far: 65_400 };
  #arriving: WorldFrame[] = [];
  #nowNs = 5e9;
  #shotId = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { random } = options;
    this.pairing = new Pairing({ feedback: options.feedback });
    this.#deviceZeroNs = perArm(() => BigInt(random.whole(0, 2 ** 40)));
    this.#lagNs = perArm(() => random.between(20, 90) * 1000);
    this.#sync();
  }

  /** Fires one trigger and plays everything up to its close. */
  shoot(): void {
    const shotId = ++this.#shotId;
    this.#advance(this.#nowNs + this.#options.gapMs() * ms);
    const firedNs = this.#nowNs;
    this.pairing.open(shotId);
    const { random, faults } = this.#options;
    const end = random.chance(faults.notFired)
      ? "not-fired"
      : random.chance(faults.unknown)
        ? "unknown"
        : "fired";
    this.ends.set(shotId, end);
    const edgeNs = firedNs + 1.5 * ms;
    const startNs = perArm((arm) => edgeNs + this.#lagNs[arm] + random.between(-5000, 5000));
    const pulses = perArm((arm) => this.#options.feedback[arm] && !random.chance(faults.noPulse));
    if (end !== "not-fired") for (const arm of arms) this.#expose(arm, shotId, startNs[arm], end);
    this.#advance(firedNs + (pulses.near && pulses.far ? 15 : 500) * ms);
    if (end === "fired") this.#settle(this.pairing.fired(shotId, report(shotId, edgeNs, startNs, pulses)));
    if (end === "not-fired") this.#settle(this.pairing.notFired(shotId));
    const window = { from: tickOf(firedNs), to: tickOf(firedNs + 500 * ms) };
    if (end === "unknown") this.#settle(this.pairing.unknown(shotId, window));
    this.#collect(shotId);
    const { trigger, strays } = this.pairing.close(shotId);
    this.closedAtNs.set(shotId, this.#nowNs);
    this.#record(trigger);
    this.#settle(strays);
  }

  /** Plays what is still in flight. */
  finish(): void {
    this.#advance(this.#nowNs + 20_000 * ms);
    this.#settle(this.pairing.finish());
  }

  #sync(): void {
    for (const arm of arms) {
      const samples = [0, 130, 290].map((sinceMs) => {
        const startNs = 1e9 + sinceMs * ms;
        const lagNs = this.#options.feedback[arm] ? 0 : this.#lagNs[arm];
        return { tick: tickOf(startNs - lagNs), deviceTimeNs: this.#deviceTime(arm, startNs) };
      });
      this.#settle(this.pairing.setClock(arm, samples));
    }
  }

  #expose(arm: Arm, shotId: number, startNs: number, end: "fired" | "unknown"): void {
    const { random, faults, silent } = this.#options;
    if (silent?.arm === arm && shotId >= silent.fromShot && shotId <= silent.toShot) return;
    if (random.chance(faults.missing)) {
      this.#nextFrameId[arm]++;
      return;
    }
    const late = random.chance(faults.late);
    const arrivesNs = startNs + (late ? random.between(2100, 4000) : random.between(8, 40)) * ms;
    const status = random.chance(faults.incomplete) ? "missing-packets" : "complete";
    const deviceTimeNs = this.#deviceTime(arm, startNs + random.between(-3000, 3000));
    this.#send({ arm, arrivesNs, shotId, frameId: this.#nextFrameId[arm]++, deviceTimeNs, status });
    if (end === "fired" && random.chance(faults.extra)) {
      const extraNs = startNs + random.between(20, 60) * ms;
      const stamp = this.#deviceTime(arm, extraNs);
      const frameId = this.#nextFrameId[arm]++;
      this.#send({
        arm,
        arrivesNs: extraNs + 10 * ms,
        shotId: null,
        frameId,
        deviceTimeNs: stamp,
        status: "complete",
      });
    }
  }

  #send(frame: WorldFrame): void {
    this.#arriving.push(frame);
  }

  #collect(shotId: number): void {
    const deadlineNs = this.#nowNs + collectMs * ms;
    while (this.pairing.awaited(shotId).length > 0) {
      const next = Math.min(...this.#arriving.map((frame) => frame.arrivesNs));
      if (!(next <= deadlineNs)) {
        this.#advance(deadlineNs);
        return;
      }
      this.#advance(next);
    }
  }

  #advance(toNs: number): void {
    const due = this.#arriving.filter((frame) => frame.arrivesNs <= toNs);
    this.#arriving = this.#arriving.filter((frame) => frame.arrivesNs > toNs);
    due.sort((a, b) => a.arrivesNs - b.arrivesNs);
    for (const frame of due) {
      this.frames.push(frame);
      this.#settle(this.pairing.add(frame.arm, frame));
    }
    this.#nowNs = Math.max(this.#nowNs, toNs);
  }

  #deviceTime(arm: Arm, ns: number): bigint {
    return this.#deviceZeroNs[arm] + BigInt(Math.round(ns * (1 + this.#options.ratePpm[arm] * 1e-6)));
  }

  #record(trigger: ClosedTrigger<WorldFrame>): void {
    const { shotId } = trigger;
    this.outcomes.set(shotId, [...(this.outcomes.get(shotId) ?? []), trigger.outcome]);
    for (const arm of arms) {
      const closed = trigger.frames[arm];
      if (closed !== null) this.#fate(closed.frame, closed.outcome, shotId);
    }
  }

  #settle(fates: readonly StrayFate<WorldFrame>[]): void {
    for (const { frame, outcome, shotId } of fates) this.#fate(frame, outcome, shotId);
  }

  #fate(frame: WorldFrame, outcome: FrameOutcome, shotId: number | null): void {
    this.fates.set(frame, [...(this.fates.get(frame) ?? []), { outcome, shotId }]);
  }
}

function report(
  shotId: number,
  edgeNs: number,
  startNs: PerArm<number>,
  pulses: PerArm<boolean>,
): TriggerReport {
  const pulse = (arm: Arm) =>
    pulses[arm] ? { riseTick: tickOf(startNs[arm]), fallTick: tickOf(startNs[arm] + 8 * ms) } : null;
  return {
    shotId,
    triggerNumber: shotId,
    edgeTick: { near: tickOf(edgeNs), far: tickOf(edgeNs) },
    feedback: perArm(pulse),
    pulseCount: perArm((arm) => (pulses[arm] ? 1 : 0)),
    strobeTick: null,
  };
}
