import { afterEach, describe, expect, test } from "vitest";
import type { RunEvent } from "../../src/capture/run-events.js";
import { checkSession, runWithFaults } from "../support/capture-faults.js";
import { CaptureStand, type StandOptions } from "../support/capture-stand.js";

let stand: CaptureStand | null = null;

async function start(options: StandOptions = {}): Promise<CaptureStand> {
  stand = await CaptureStand.start(options);
  return stand;
}

afterEach(async () => {
  await stand?.stop();
  stand = null;
});

describe("a session on the virtual rig", () => {
  test("runs a plan over two distances; every pair is stored, measured and true to its pixels", async () => {
    const here = await start();
    const session = await here.startSession({
      format: "nearfar-plan",
      version: 1,
      distancesMm: [300, 600],
      expressions: ["neutral", "smile"],
      poses: ["frontal"],
      repeats: 2,
      countdownS: 0,
    });
    const run = here.run(session);
    const events: RunEvent[] = [];
    run.subscribe((event) => events.push(event));
    const summary = await run.start();
    expect(summary).toMatchObject({ end: "complete", unfulfilled: 0, progress: { done: 8, planned: 8 } });
    const checked = await checkSession(here, { summary, unplugged: [] });
    expect(checked.pairs).toBe(8);
    const shots = await here.dataset.shots({ sessionId: summary.sessionId, purpose: "pair" });
    expect(shots.map(({ distanceMm }) => distanceMm)).toEqual([300, 300, 300, 300, 600, 600, 600, 600]);
    for (const shot of shots) {
      expect(shot).toMatchObject({ verdict: "KEEP", reasons: [], skewKind: "measured" });
      expect(Math.abs(shot.skewUs ?? Number.NaN)).toBeLessThan(200);
    }
    expect(events.at(-1)).toEqual({ kind: "end", summary });
    expect(run.status().state).toBe("done");
    expect((await here.dataset.session(summary.sessionId))?.endedAt).not.toBeNull();
  });

  test("with faults coming and going, every trigger and frame has one true outcome", async () => {
    const here = await start({ limits: { frameTimeoutMs: 400, retakes: 1 } });
    // Of this seed's faults, some withhold, delay, break and add frames.
    const result = await runWithFaults(here, { shots: 60, seed: 1 });
    const checked = await checkSession(here, result);
    expect(checked.triggers).toBeGreaterThanOrEqual(63);
    expect(checked.pairs).toBeGreaterThan(30);
    expect(checked.pairs).toBeLessThan(60);
    expect(checked.extraFrames.near + checked.extraFrames.far).toBeGreaterThan(0);
  });
});
