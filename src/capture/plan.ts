/** From a plan to its shots in order. */
import type { CapturePlan, PlannedShot } from "../schema/capture-plan.js";

/**
 * The rail moves as little as possible: all shots of one distance come before the next distance,
 * in the plan's order; within it expression, then pose, then repeat (counted from 0).
 */
export function plannedShots(plan: CapturePlan): readonly PlannedShot[] {
  const shots: PlannedShot[] = [];
  for (const distanceMm of plan.distancesMm) {
    for (const expression of plan.expressions) {
      for (const pose of plan.poses) {
        for (let repeat = 0; repeat < plan.repeats; repeat++) {
          shots.push({ index: shots.length, distanceMm, expression, pose, repeat });
        }
      }
    }
  }
  return shots;
}

/** What `--shots N` stands for: N neutral frontal shots at one distance, without a countdown. */
export function planOfShots(count: number, distanceMm: number): CapturePlan {
  return {
    format: "nearfar-plan",
    version: 1,
    distancesMm: [distanceMm],
    expressions: ["neutral"],
    poses: ["frontal"],
    repeats: count,
    countdownS: 0,
  };
}
