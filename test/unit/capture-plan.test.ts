import { describe, expect, test } from "vitest";
import { plannedShots, planOfShots } from "../../src/capture/plan.js";
import { PlanProgress, type ShotResult } from "../../src/capture/plan-progress.js";
import type { CapturePlan } from "../../src/schema/capture-plan.js";
import type { TriggerOutcome, Verdict } from "../../src/schema/records.js";
import { SeededRandom } from "../support/seeded-random.js";

const plan: CapturePlan = {
  format: "nearfar-plan",
  version: 1,
  distancesMm: [600, 300],
  expressions: ["neutral", "smile"],
  poses: ["frontal", "left"],
  repeats: 2,
  countdownS: 3,
};

function result(
  shotId: number,
  planIndex: number,
  verdict: Verdict,
  outcome: TriggerOutcome = "paired",
): ShotResult {
  return { shotId, planIndex, verdict, outcome, reasons: [] };
}

describe("planned shots", () => {
  test("distance by distance in the plan's order, then expression, pose, repeat", () => {
    const shots = plannedShots(plan);
    expect(shots).toHaveLength(16);
    expect(shots.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, index) => index));
    expect(shots.slice(0, 8).every(({ distanceMm }) => distanceMm === 600)).toBe(true);
    expect(shots[1]).toEqual({
      index: 1,
      distanceMm: 600,
      expression: "neutral",
      pose: "frontal",
      repeat: 1,
    });
    expect(shots[2]).toMatchObject({ expression: "neutral", pose: "left", repeat: 0 });
    expect(shots[4]).toMatchObject({ expression: "smile", pose: "frontal", repeat: 0 });
  });

  test("--shots N is N shots at one distance", () => {
    const shots = plannedShots(planOfShots(2500, 450));
    expect(shots).toHaveLength(2500);
    expect(new Set(shots.map(({ distanceMm }) => distanceMm))).toEqual(new Set([450]));
  });
});

describe("progress", () => {
  const start = (retakes = 2): PlanProgress => new PlanProgress(plannedShots(planOfShots(3, 450)), retakes);

  /** Begins the next planned shot as `shotId`; its result is still open. */
  function begin(progress: PlanProgress, shotId: number): number {
    const planned = progress.next();
    if (planned === null) throw new Error("nothing is owed");
    progress.begin(planned, shotId);
    return planned.index;
  }

  test("a shot whose verdict is open is not taken again, the next one comes", () => {
    const progress = start();
    expect(begin(progress, 1)).toBe(0);
    expect(progress.next()?.index).toBe(1);
    expect(progress.done).toBe(0);
    progress.record(result(1, 0, "KEEP"));
    expect(progress.done).toBe(1);
  });

  test("a RETAKE comes back first, linked to the shot it replaces, until its retakes are used up", () => {
    const progress = start(1);
    begin(progress, 1);
    begin(progress, 2);
    progress.record(result(1, 0, "RETAKE", "near-missing"));
    const again = progress.next();
    expect(again?.index).toBe(0);
    expect(again && progress.retakeOf(again)).toBe(1);
    begin(progress, 3);
    progress.record(result(2, 1, "WARN"));
    progress.record(result(3, 0, "RETAKE", "near-missing"));
    expect(progress.next()?.index).toBe(2);
    expect(progress.done).toBe(2);
    expect(progress.unfulfilled.map(({ index }) => index)).toEqual([0, 2]);
  });

  test("a paired shot with a bad verdict, or a good verdict without a pair, fulfils nothing", () => {
    const progress = start(0);
    for (const [shotId, verdict, outcome] of [
      [1, "RETAKE", "paired"],
      [2, "KEEP", "far-missing"],
      [3, "BROKEN", "paired"],
    ] as const) {
      progress.record(result(shotId, begin(progress, shotId), verdict, outcome));
    }
    expect(progress.unfulfilled).toHaveLength(3);
    expect(progress.next()).toBeNull();
  });

  test("a rejected shot is owed once more, beyond its retakes, also while its verdict is open", () => {
    const progress = start(0);
    begin(progress, 1);
    progress.reject(1);
    progress.record(result(1, 0, "KEEP"));
    expect(progress.next()?.index).toBe(0);
    begin(progress, 2);
    progress.record(result(2, 0, "KEEP"));
    expect(progress.next()?.index).toBe(1);
    progress.reject(1);
    expect(progress.next()?.index).toBe(1);
    progress.reject(999);
    expect(progress.done).toBe(1);
  });

  test("a skipped shot is done in this run and not counted as unfulfilled", () => {
    const progress = start();
    const planned = progress.next();
    if (planned === null) throw new Error("nothing is owed");
    progress.skip(planned);
    expect(progress.next()?.index).toBe(1);
    expect(progress.done).toBe(1);
    expect(progress.unfulfilled.map(({ index }) => index)).toEqual([1, 2]);
  });

  test("resume: earlier shots count, a crash of ours uses up no retake", () => {
    const progress = start(0);
    progress.record(result(1, 0, "KEEP"));
    progress.record({ ...result(2, 1, "RETAKE", "unknown"), reasons: ["interrupted"] });
    progress.record({ shotId: 3, planIndex: null, verdict: "KEEP", outcome: "paired", reasons: [] });
    progress.record(result(4, 77, "KEEP"));
    expect(progress.done).toBe(1);
    const next = progress.next();
    expect(next?.index).toBe(1);
    expect(next && progress.retakeOf(next)).toBe(2);
  });

  test("any order of verdicts ends with every planned shot done, none over its retakes", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new SeededRandom(seed);
      const progress = new PlanProgress(plannedShots(planOfShots(20, 450)), 2);
      const open: { shotId: number; index: number }[] = [];
      const attempts = new Map<number, number>();
      for (let shotId = 1; progress.done < 20; shotId++) {
        const planned = progress.next();
        if (planned !== null && open.length < 3) {
          progress.begin(planned, shotId);
          attempts.set(planned.index, (attempts.get(planned.index) ?? 0) + 1);
          open.push({ shotId, index: planned.index });
        }
        const oldest = random.chance(0.6) || planned === null ? open.shift() : undefined;
        if (oldest)
          progress.record(result(oldest.shotId, oldest.index, random.chance(0.5) ? "KEEP" : "RETAKE"));
      }
      expect(progress.next()).toBeNull();
      expect(attempts.size).toBe(20);
      expect(Math.max(...attempts.values())).toBeLessThanOrEqual(3);
    }
  });
});
