import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planBoards } from "../../src/calibration/rig/plan-boards.js";
import { type PlannedPose, type PlannedStop, posePlan } from "../../src/calibration/rig/pose-plan.js";
import { rigField } from "../../src/calibration/rig/rig-field.js";
import { loadRigConfig } from "../../src/capture/load-config.js";
import { quaternionOfVector, rotate } from "../../src/geometry/rigid.js";
import { add, scale, type Vector3 } from "../../src/geometry/vector.js";
import { targetsFolder } from "../../src/targets/read-targets.js";
import { repository } from "../support/cli.js";

const config = await loadRigConfig(join(repository, "rig-configs/virtual.yaml"));
const stopsMm = [230, 250, 450, 900, 1370];

async function planOf(views: number, board?: string) {
  const { boards, boardAt } = await planBoards(stopsMm, board, targetsFolder(repository));
  const stops = posePlan(config, { stopsMm, views, boardAt });
  return { stops, boards };
}
type Plan = Awaited<ReturnType<typeof planOf>>;

function inRig({ pose }: PlannedPose, point: Vector3): Vector3 {
  return add(rotate(quaternionOfVector(scale(pose.rotationDeg, Math.PI / 180)), point), pose.translationMm);
}

function boardOf({ boards }: Plan, { boardId }: PlannedPose) {
  const board = boards.find(({ id }) => id === boardId);
  if (board === undefined) throw new Error(`no ${boardId}`);
  return board;
}

/** Share of a board's corners that lie in the view of one arm, an ideal pinhole on the axis. */
function seenShare(plan: Plan, pose: PlannedPose, distanceMm: number, arm: "near" | "far"): number {
  const field = rigField(config, distanceMm);
  const fromPupil = arm === "near" ? distanceMm : field.farDistanceMm;
  const { cornersMm } = boardOf(plan, pose);
  const seen = cornersMm.filter((corner) => {
    const [x, y, z] = inRig(pose, corner);
    const shrink = fromPupil / (z - field.farDistanceMm + fromPupil);
    return Math.abs(x * shrink) < field[arm][0] && Math.abs(y * shrink) < field[arm][1];
  });
  return seen.length / cornersMm.length;
}

const tiltDeg = ({ pose }: PlannedPose): number => {
  const [, , z] = rotate(quaternionOfVector(scale(pose.rotationDeg, Math.PI / 180)), [0, 0, 1]);
  return (Math.acos(Math.min(1, z)) * 180) / Math.PI;
};
const heights = ({ distanceMm, poses }: PlannedStop): number[] =>
  poses.map(({ pose }) => rigField(config, distanceMm).farDistanceMm - pose.translationMm[2]);

describe.each([8, 30])("a plan of %d views a stop", (views) => {
  test("visits each stop, and the first one again, beginning in the eye plane", async () => {
    const { stops } = await planOf(views);
    expect(stops.map(({ distanceMm }) => distanceMm)).toEqual([...stopsMm, 230]);
    expect(stops.map(({ isReturn }) => isReturn)).toEqual([false, false, false, false, false, true]);
    for (const { poses, isReturn } of stops) {
      expect(poses).toHaveLength(isReturn ? Math.min(12, views) : views);
      expect(poses.map(({ role }) => role)).toEqual(["eye-plane", ...poses.slice(1).map(() => "pose")]);
      expect(poses[0]?.pose).toEqual({ translationMm: [0, 0, 1600], rotationDeg: [0, 0, 0] });
    }
    const names = stops.flatMap(({ poses }) => poses.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  test("keeps most of the board in both views", async () => {
    const plan = await planOf(views);
    for (const { distanceMm, poses } of plan.stops) {
      for (const pose of poses) {
        for (const arm of ["near", "far"] as const) {
          expect(seenShare(plan, pose, distanceMm, arm), `${pose.name} ${arm}`).toBeGreaterThan(0.6);
        }
      }
    }
  });

  test("tilts boards by 15 to 40° to all sides, and spreads them in depth", async () => {
    const { stops } = await planOf(views);
    for (const stop of stops) {
      const tilted = stop.poses.slice(1);
      for (const pose of tilted) {
        expect(tiltDeg(pose)).toBeGreaterThan(14.9);
        expect(tiltDeg(pose)).toBeLessThan(40.1);
      }
      for (const axis of [0, 1] as const) {
        const turns = tilted.map(({ pose }) => pose.rotationDeg[axis]);
        expect(Math.max(...turns)).toBeGreaterThan(12);
        expect(Math.min(...turns)).toBeLessThan(-12);
      }
      const reach = Math.min(70, 0.19 * stop.distanceMm);
      const range = Math.max(...heights(stop)) - Math.min(...heights(stop));
      expect(range).toBeGreaterThan(reach);
      // The half mirror may push a tilted board a little further back.
      expect(Math.max(...heights(stop))).toBeLessThanOrEqual(reach + 1e-9);
      expect(Math.min(...heights(stop))).toBeGreaterThan(-reach - 20);
    }
  });

  test("never holds a board into the half mirror", async () => {
    const plan = await planOf(views);
    for (const { poses } of plan.stops) {
      for (const pose of poses) {
        for (const corner of boardOf(plan, pose).cornersMm) {
          const [x, , z] = inRig(pose, corner);
          // At 45°, its left edge towards the subject, 1495 mm from the far pupil.
          expect(x + z - 1495, pose.name).toBeGreaterThan(0);
        }
      }
    }
  });

  test("brings corners of the board near every corner of the image", async () => {
    const plan = await planOf(views);
    for (const { distanceMm, poses } of plan.stops.filter(({ isReturn }) => !isReturn)) {
      const { near, farDistanceMm } = rigField(config, distanceMm);
      const places = poses.flatMap((pose) =>
        boardOf(plan, pose).cornersMm.map((corner) => {
          const [x, y, z] = inRig(pose, corner);
          const shrink = distanceMm / (z - farDistanceMm + distanceMm);
          return [(x * shrink) / near[0], (y * shrink) / near[1]] as const;
        }),
      );
      for (const [right, down] of [
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ] as const) {
        const there = places.filter(([x, y]) => Math.abs(x) < 1 && Math.abs(y) < 1);
        const furthest = Math.max(...there.map(([x, y]) => Math.min(x * right, y * down)));
        expect(furthest, `${distanceMm} mm ${right} ${down}`).toBeGreaterThan(views > 8 ? 0.65 : 0.4);
      }
    }
  });
});

test("people are told in a sentence what to hold where", async () => {
  const { stops } = await planOf(8);
  const texts = stops.flatMap(({ poses }) => poses.map(({ text }) => text));
  expect(texts[0]).toBe(
    "Stand board charuco-small upright in the eye plane, in the middle, facing the cameras squarely.",
  );
  for (const text of texts) expect(text).toMatch(/^(Stand|Hold) board charuco-(small|a4) .*[a-z°]\.$/);
});

test("near stops get the small board, unless one is named", async () => {
  const chosen = (plan: Plan) => plan.stops.map(({ poses }) => poses[0]?.boardId);
  const [small, large] = ["charuco-small", "charuco-a4"];
  expect(chosen(await planOf(8))).toEqual([small, small, large, large, large, small]);
  expect(new Set(chosen(await planOf(8, small)))).toEqual(new Set([small]));
  await expect(planOf(8, "depth-phantom")).rejects.toMatchObject({ code: "USAGE" });
});
