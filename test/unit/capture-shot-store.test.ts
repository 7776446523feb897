/** Order, back pressure and failure of the store queue, with writes as slow as the script wants. */
import { describe, expect, test } from "vitest";
import { sleep } from "../../src/base/abort.js";
import { WorldError } from "../../src/base/errors.js";
import { silentLogger } from "../../src/base/log.js";
import type { CapturedShot } from "../../src/capture/captured-shot.js";
import { Condition } from "../../src/capture/condition.js";
import { SessionNorms } from "../../src/capture/session-norms.js";
import { ShotStore } from "../../src/capture/shot-store.js";
import { skewOf } from "../../src/capture/skew.js";
import type { CameraFrame } from "../../src/devices/contract/camera.js";
import type { ShotRecord } from "../../src/schema/records.js";
import { rigConfigSchema } from "../../src/schema/rig-config.js";
import { SeededRandom } from "../support/seeded-random.js";

const camera = {
  backend: "aravis",
  pixelFormat: "Mono8",
  bitDepth: 8,
  blackLevel: 0,
  whiteLevel: 255,
  exposureUs: 1000,
  gainDb: 0,
};
const config = rigConfigSchema.parse({
  format: "nearfar-rig",
  version: 1,
  name: "script",
  trigger: { port: "/dev/null" },
  near: { ...camera, serial: "N", mount: { rotationDeg: 0, mirrored: true } },
  far: { ...camera, serial: "F", mount: { rotationDeg: 0, mirrored: false } },
  rail: { kind: "manual", minMm: 230, maxMm: 1370 },
});
const settings = {
  pixelFormat: "Mono8",
  exposureUs: 1000,
  gainDb: 0,
  region: null,
  triggerLine: "Line0",
} as const;

class Script {
  readonly acknowledged: number[] = [];
  readonly events: number[] = [];
  readonly released: number[] = [];
  readonly changed = new Condition();
  readonly store: ShotStore;

  constructor(capacity: number, writeMs: (shotId: number) => number, failAt: number | null = null) {
    this.store = new ShotStore({
      dataset: {
        commitShot: async (shot: ShotRecord) => {
          await sleep(1);
          if (shot.shotId === failAt)
            throw new WorldError("STORE_FULL", "no space", { advice: "Free some." });
          this.acknowledged.push(shot.shotId);
        },
        recordStray: async () => {},
      },
      frames: {
        write: async (shot) => {
          await sleep(writeMs(shot.open.shotId));
          return null;
        },
        preview: () => sleep(2),
      },
      config,
      norms: new SessionNorms(),
      changed: this.changed,
      logger: silentLogger,
      capacity,
      onCommitted: ({ shotId }) => this.events.push(shotId),
      onStray: () => {},
    });
  }

  shot(shotId: number): CapturedShot {
    const frame: CameraFrame = {
      frameId: shotId,
      deviceTimeNs: 0n,
      hostTimeNs: 0n,
      status: "complete",
      pixelFormat: "Mono8",
      widthPx: 4,
      heightPx: 4,
      payload: new Uint8Array(new SharedArrayBuffer(16)),
      release: () => this.released.push(shotId),
    };
    const intent = { planIndex: 0, distanceMm: 450, expression: "neutral", pose: "frontal", repeat: 0 };
    const open = { ...intent, sessionId: "s", purpose: "pair" as const, retakeOf: null };
    const one = { frame, outcome: "one-sided" } as const;
    return {
      open: { ...open, shotId, openedAt: "" },
      trigger: { shotId, outcome: "far-missing", frames: { near: one, far: null } },
      fire: { kind: "unknown", reason: "scripted" },
      skew: skewOf(null, { near: true, far: true }),
      linkLost: false,
      capturedAt: "",
      bootId: "0",
      clockFit: null,
      cameras: { near: { serial: "N", settings }, far: { serial: "F", settings } },
    };
  }
}

describe("the store queue", () => {
  test("acknowledges in the order of capture however long each write takes, and releases every frame", async () => {
    const random = new SeededRandom(3);
    const script = new Script(4, () => random.between(0, 12));
    for (let shotId = 1; shotId <= 40; shotId++) {
      await script.store.room();
      script.store.add(script.shot(shotId));
    }
    await script.store.committed();
    await script.store.settled();
    const all = Array.from({ length: 40 }, (_, index) => index + 1);
    expect(script.acknowledged).toEqual(all);
    expect(script.events).toEqual(all);
    expect([...script.released].sort((a, b) => a - b)).toEqual(all);
  });

  test("writes overlap, but no more than its capacity holds frames", async () => {
    const script = new Script(2, () => 30);
    script.store.add(script.shot(1));
    await script.store.room();
    script.store.add(script.shot(2));
    let free = false;
    const room = script.store.room().then(() => (free = true));
    await sleep(10);
    expect(free).toBe(false);
    await room;
    expect(script.released).toHaveLength(1);
    // Both were written at once: the second is acknowledged right after the first.
    expect(script.acknowledged.length).toBeGreaterThanOrEqual(1);
    await script.store.settled();
  });

  test("after a failure nothing later is acknowledged, everything is released and the cause is told", async () => {
    const script = new Script(8, (shotId) => (shotId === 3 ? 0 : 10), 2);
    for (const shotId of [1, 2, 3]) script.store.add(script.shot(shotId));
    await expect(script.store.committed()).rejects.toMatchObject({ code: "STORE_FULL" });
    await script.store.settled();
    expect(script.acknowledged).toEqual([1]);
    expect([...script.released].sort()).toEqual([1, 2, 3]);
    await expect(script.store.room()).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(() => script.store.throwIfFailed()).toThrow("no space");
  });
});
