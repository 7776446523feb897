/**
 * Holds every stored frame against every exposure that the rig's cameras really made. An exposure is
 * known by its camera and its device time, also when no shot could claim its frame.
 */
import { expect } from "vitest";
import type { z } from "zod";
import { arms, type PerArm, perArm } from "../../src/capture/rig.js";
import type { Arm } from "../../src/devices/contract/trigger-board.js";
import type { FrameOutcome } from "../../src/schema/records.js";
import type { virtualRigTruth } from "../../src/schema/virtual-rig.js";

export type TriggerTruth = z.infer<typeof virtualRigTruth>["triggers"][number];

export interface StoredStamp {
  readonly arm: Arm;
  readonly outcome: FrameOutcome;
  readonly deviceTimeNs: string;
  /** null: the frame is a stray that answers no trigger. */
  readonly shotId: number | null;
}

interface Exposure {
  readonly shotId: number;
  /** The extra frame after a triggered one. */
  readonly extra: boolean;
  /** Its frame may have been cut off in flight: the camera was unplugged or disarmed just then. */
  readonly cutOff: boolean;
  taken: boolean;
}

/** Exact in native/virtual-rig/cameras/virtual_camera.cc: 200 px/µs, then a pause of 2 ms. */
const ticksPerUs = 16;
const readoutPxPerUs = 200;
const extraPauseTicks = 32_000;

export class ExposureLedger {
  readonly #readoutTicks: number;
  readonly #exposures = new Map<string, Exposure[]>();
  /** Exposures whose frame never left the camera: each leaves a hole in its frame counter. */
  readonly #withheld: Record<Arm, number> = { near: 0, far: 0 };
  readonly #extra: Record<Arm, number> = { near: 0, far: 0 };

  constructor(sensor: { readonly widthPx: number; readonly heightPx: number }) {
    const readoutUs = (sensor.widthPx * sensor.heightPx) / readoutPxPerUs;
    this.#readoutTicks = Math.round(readoutUs * ticksPerUs);
  }

  /** Extra frames that the rig's cameras made, by its truth. */
  get extraFrames(): PerArm<number> {
    return { ...this.#extra };
  }

  /** Enters what the rig tells of a shot's triggers. */
  enter(shotId: number, triggers: readonly TriggerTruth[], cutOff: PerArm<boolean>): void {
    for (const trigger of triggers) {
      for (const arm of arms) {
        const frame = trigger[arm];
        // Without an exposure there is no device time.
        if (frame === null || BigInt(frame.deviceTimeNs) === 0n) continue;
        if (frame.fate === "missing") this.#withheld[arm]++;
        const startNs = BigInt(frame.deviceTimeNs);
        this.#add(arm, startNs, { shotId, extra: false, cutOff: cutOff[arm], taken: false });
        this.#extra[arm] += frame.extraFrames;
        if (frame.extraFrames === 0) continue;
        const exposureTicks = Number(BigInt(frame.exposureEndTick) - BigInt(frame.exposureStartTick));
        const afterTicks = exposureTicks + this.#readoutTicks + extraPauseTicks;
        const extraNs = startNs + BigInt(Math.floor(afterTicks * 62.5));
        this.#add(arm, extraNs, { shotId, extra: true, cutOff: cutOff[arm], taken: false });
      }
    }
  }

  /**
   * Every stored frame shows an exposure of its own, the frame of an extra one is stored as that,
   * and no extra frame is missing. Exempt are as many as the camera's frame counter has holes that
   * no withheld frame explains, and as many as came in too broken to have a device time.
   */
  check(frames: readonly StoredStamp[], framesLost: PerArm<number>): void {
    const strangers = frames.filter((frame) => !this.#claim(frame));
    expect(strangers.filter(({ outcome }) => outcome !== "incomplete")).toEqual([]);
    const allowed = perArm((arm) => {
      const broken = strangers.filter((frame) => frame.arm === arm).length;
      return broken + Math.max(0, framesLost[arm] - this.#withheld[arm]);
    });
    const gone = [...this.#exposures].flatMap(([key, exposures]) =>
      exposures
        .filter(({ extra, cutOff, taken }) => extra && !cutOff && !taken)
        .map((of) => ({ key, ...of })),
    );
    for (const arm of arms) {
      const ofArm = gone.filter(({ key }) => key.startsWith(arm));
      expect({ gone: ofArm, allowed: allowed[arm] }).toSatisfy(() => ofArm.length <= allowed[arm]);
    }
  }

  #add(arm: Arm, deviceTimeNs: bigint, exposure: Exposure): void {
    const key = keyOf(arm, deviceTimeNs);
    // The cameras' clocks start over with each boot of the board: two exposures may share a time.
    this.#exposures.set(key, [...(this.#exposures.get(key) ?? []), exposure]);
  }

  /** Takes the exposure that a stored frame shows; false when there is none. */
  #claim({ arm, deviceTimeNs, outcome, shotId }: StoredStamp): boolean {
    const ns = BigInt(deviceTimeNs);
    // The device time of an extra frame is computed from a tick; the half nanosecond may be lost.
    const near = [ns, ns - 1n].flatMap((time) => this.#exposures.get(keyOf(arm, time)) ?? []);
    const exposure = near.find(({ taken, ...of }) => !taken && (shotId === null || of.shotId === shotId));
    if (exposure === undefined) return false;
    exposure.taken = true;
    if (exposure.extra) {
      const ends = { of: exposure.shotId, arm, outcome, shotId };
      expect(ends).toSatisfy(() => shotId === null && (outcome === "extra" || outcome === "incomplete"));
    }
    return true;
  }
}

function keyOf(arm: Arm, deviceTimeNs: bigint): string {
  return `${arm} ${deviceTimeNs}`;
}
