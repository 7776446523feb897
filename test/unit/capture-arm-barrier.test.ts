/** The handshake with cameras that a virtual rig cannot be: free-running, or out of step for good. */
import { describe, expect, test } from "vitest";
import { type BarrierRig, type DryTrigger, syncCameras } from "../../src/capture/arm-barrier.js";
import { Condition } from "../../src/capture/condition.js";
import { FrameIntake } from "../../src/capture/frame-intake.js";
import { Pairing } from "../../src/capture/pairing.js";
import { arms, perArm } from "../../src/capture/rig.js";
import type { Camera, CameraFrame } from "../../src/devices/contract/camera.js";
import type { Arm, TriggerBoard, TriggerReport } from "../../src/devices/contract/trigger-board.js";
import { systemClock } from "../support/system-clock.js";

const deviceZeroNs = { near: 7_000_000_000n, far: 90_000_000_000n };

function boardTick(): bigint {
  return (systemClock.monotonicNs() * 2n) / 125n;
}

class ScriptedRig {
  readonly pairing = new Pairing<CameraFrame>({ feedback: { near: true, far: true } });
  readonly changed = new Condition();
  readonly strays: string[] = [];
  readonly fired: DryTrigger[] = [];
  readonly #intake = new FrameIntake({
    pairing: this.pairing,
    changed: this.changed,
    onStray: ({ arm, outcome }) => this.strays.push(`${arm} ${outcome}`),
  });
  readonly #waiting: Record<Arm, ((frame: CameraFrame) => void) | null> = { near: null, far: null };
  readonly #queue: Record<Arm, CameraFrame[]> = { near: [], far: [] };
  readonly #frameId = { near: 0, far: 0 };
  #shotId = 0;

  constructor() {
    for (const arm of arms) {
      const frames = () => this.#frames(arm);
      this.#intake.attach(arm, { frames } as unknown as Camera);
    }
  }

  /** `onFire` answers a trigger whose exposure starts at `tick`. */
  sync(onFire: (tick: bigint) => void, frameTimeoutMs = 30): Promise<void> {
    const board = {
      clockFit: null,
      arm: async () => {},
      fire: async (shotId: number) => {
        const tick = boardTick();
        onFire(tick);
        return { kind: "fired", report: reportAt(shotId, tick) };
      },
    };
    const rig: BarrierRig = {
      board: board as unknown as TriggerBoard,
      settings: {
        delayUs: { near: 0, far: 0 },
        pulseUs: 1000,
        focusLeadMs: 0,
        feedbackTimeoutMs: 100,
        feedback: { near: true, far: true },
        strobe: false,
        strobeUs: 500,
      },
      pairing: this.pairing,
      intake: this.#intake,
      changed: this.changed,
      clock: systemClock,
      frameTimeoutMs,
      openShot: async () => ({ ...intent, shotId: ++this.#shotId, openedAt: "" }),
      signal: new AbortController().signal,
    };
    return syncCameras(rig, arms, this.fired);
  }

  send(arm: Arm, tick: bigint): void {
    const frame = scriptedFrame(++this.#frameId[arm], deviceZeroNs[arm] + (tick * 125n) / 2n);
    const waiting = this.#waiting[arm];
    this.#waiting[arm] = null;
    if (waiting === null) this.#queue[arm].push(frame);
    else waiting(frame);
  }

  async *#frames(arm: Arm): AsyncIterableIterator<CameraFrame> {
    for (;;) {
      yield this.#queue[arm].shift() ??
        (await new Promise<CameraFrame>((resolve) => {
          this.#waiting[arm] = resolve;
        }));
    }
  }
}

const intent = {
  sessionId: "s",
  purpose: "sync" as const,
  planIndex: null,
  distanceMm: 450,
  expression: "sync",
  pose: "sync",
  repeat: 0,
  retakeOf: null,
};

function scriptedFrame(frameId: number, deviceTimeNs: bigint): CameraFrame {
  const payload = new Uint8Array(new SharedArrayBuffer(1));
  const size = { widthPx: 1, heightPx: 1, pixelFormat: "Mono8" } as const;
  return { frameId, deviceTimeNs, hostTimeNs: 0n, status: "complete", ...size, payload, release: () => {} };
}

function reportAt(shotId: number, tick: bigint): TriggerReport {
  const pulse = { riseTick: tick, fallTick: tick + 100n };
  return {
    shotId,
    triggerNumber: shotId,
    edgeTick: { near: tick - 500n, far: tick - 500n },
    feedback: { near: pulse, far: pulse },
    pulseCount: { near: 1, far: 1 },
    strobeTick: null,
  };
}

describe("the handshake", () => {
  test("three clean triggers fit both clocks, and their frames are the triggers' own", async () => {
    const rig = new ScriptedRig();
    await rig.sync((tick) => {
      for (const arm of arms) rig.send(arm, tick);
    });
    expect(rig.fired).toHaveLength(3);
    expect(rig.strays).toEqual([]);
    const outcomes = rig.fired.map(({ open }) => rig.pairing.close(open.shotId).trigger.outcome);
    expect(outcomes).toEqual(["paired", "paired", "paired"]);
    const tick = boardTick();
    const errorNs = perArm((arm) => {
      const predicted = rig.pairing.clock(arm)?.deviceTimeNs(tick) ?? 0n;
      return Math.abs(Number(predicted - deviceZeroNs[arm] - (tick * 125n) / 2n));
    });
    expect(Math.max(errorNs.near, errorNs.far)).toBeLessThan(20_000);
  });

  test("a far camera that is one frame behind for good is seen through: its clock fits all the same", async () => {
    const rig = new ScriptedRig();
    let behind: bigint | null = null;
    await rig.sync((tick) => {
      rig.send("near", tick);
      if (behind !== null) rig.send("far", behind);
      behind = tick;
    });
    // The first trigger had no far frame; of the later ones each frame shows the trigger before.
    const closed = rig.fired.map(({ open }) => rig.pairing.close(open.shotId).trigger);
    expect(closed.map(({ outcome }) => outcome)).toEqual([
      ...rig.fired.slice(1).map(() => "paired"),
      "far-missing",
    ]);
  });

  test("a free-running camera is named", async () => {
    const rig = new ScriptedRig();
    const running = setInterval(() => rig.send("far", boardTick()), 10);
    const failed = rig.sync((tick) => rig.send("near", tick));
    await expect(failed).rejects.toMatchObject({
      code: "SYNC_FAILED",
      message: expect.stringContaining("the far camera delivers frames that no trigger asked for"),
      advice: expect.stringContaining("trigger mode"),
    });
    clearInterval(running);
    expect(rig.fired).toEqual([]);
  });

  test("a silent camera is named after four triggers", async () => {
    const rig = new ScriptedRig();
    await expect(rig.sync((tick) => rig.send("far", tick))).rejects.toMatchObject({
      code: "SYNC_FAILED",
      message: expect.stringContaining("the near camera sent no frame for 4 dry triggers"),
    });
    expect(rig.fired).toHaveLength(4);
  });

  test("a camera whose frames follow nothing is unsteady", async () => {
    const rig = new ScriptedRig();
    let wander = 0n;
    const failed = rig.sync((tick) => {
      wander += 37_000n + wander / 3n;
      rig.send("far", tick);
      rig.send("near", tick + wander);
    });
    await expect(failed).rejects.toMatchObject({
      message: expect.stringContaining("the near camera's frames do not follow the triggers"),
    });
    expect(rig.fired).toHaveLength(16);
  });
});
