import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkPair } from "../../src/calibration/geometry/check/check-pair.js";
import { nullTest } from "../../src/calibration/geometry/check/null-test.js";
import { phantomCheck } from "../../src/calibration/geometry/check/phantom-check.js";
import { trackRig } from "../../src/calibration/geometry/check/track-rig.js";
import { boardsOfTarget } from "../../src/calibration/geometry/observations/known-boards.js";
import type { KnownBoard } from "../../src/calibration/geometry/observations/seen-board.js";
import { calibratePair, type PairResult } from "../../src/calibration/geometry/pair/calibrate-pair.js";
import { canonicalOf } from "../../src/calibration/geometry/pair/canonical-of.js";
import type { PairInput } from "../../src/calibration/geometry/pair/pair-input.js";
import { compose, invert, vectorOfQuaternion } from "../../src/geometry/rigid.js";
import { createSolver, type Solver } from "../../src/native/solver.js";
import { median } from "../../src/stats/median.js";
import { readTarget, targetsFolder } from "../../src/targets/read-targets.js";
import { repository } from "../support/cli.js";
import { figuresOf, printFigures } from "../support/pair-figures.js";
import { SeenPair, seenBoard, withNoise } from "../support/seen-pair.js";

const stopsMm = [250, 450, 900, 1370];
const noisePx = 0.1;

let solver: Solver;
beforeAll(() => {
  solver = createSolver();
});
afterAll(() => solver.close());

/** The board of a stop in both views, with noise. */
async function sightingAt(pair: SeenPair, distanceMm: number, pose: Parameters<SeenPair["seenAt"]>[2]) {
  const board = pair.boards.find(({ id }) => id === "charuco-a4") as KnownBoard;
  const truth = await pair.seenAt(distanceMm, board.id, pose);
  const noisy = withNoise(noisePx, 91);
  return {
    board,
    near: noisy(seenBoard(truth, board.id, "near")),
    far: noisy(seenBoard(truth, board.id, "far")),
  };
}

const inEyePlane = { translationMm: [0, 0, 1600], rotationDeg: [0, 0, 0] } as Parameters<
  SeenPair["seenAt"]
>[2];

describe("the pair of an honest virtual rig, 30 views at each of four stops, 0.1 px of noise", () => {
  let pair: SeenPair;
  let result: PairResult;
  beforeAll(async () => {
    pair = await SeenPair.start({ stopsMm, viewsPerStop: 30, seed: 11 });
    const begin = performance.now();
    result = await calibratePair(solver, pair.input(noisePx, 12));
    const seconds = (performance.now() - begin) / 1000;
    console.log(`joint calibration of ${pair.views.length} views: ${seconds.toFixed(1)} s`);
    console.log(`lens terms: ${result.lensModels.join(" | ")}`);
  }, 120_000);
  afterAll(() => pair.stop());

  test("finds offset, magnification and overlay", async () => {
    const figures = await figuresOf(pair, result.body);
    printFigures(figures);
    expect(figures.map(({ distanceMm }) => distanceMm)).toEqual(stopsMm);
    for (const stop of figures) {
      for (const { error, sigma } of [stop.lateralXMm, stop.lateralYMm]) {
        expect(Math.abs(error)).toBeLessThan(0.1);
        expect(Math.abs(error)).toBeLessThan(3 * sigma);
        expect(sigma).toBeLessThan(0.06);
      }
      expect(Math.abs(stop.ratioPercent.error)).toBeLessThan(0.02);
      expect(stop.overlayRmsPx).toBeLessThan(0.12);
      for (const { error, sigma } of [stop.nearDistanceMm, stop.separationMm])
        expect(Math.abs(error)).toBeLessThan(4 * sigma);
    }
  });

  test("tells noise from model, and passes its own gates", () => {
    const { errors, uncertainty, crossValidation } = result.body;
    for (const arm of [errors.near, errors.far]) {
      expect(arm.noiseSigmaPx).toBeGreaterThan(0.095);
      expect(arm.noiseSigmaPx).toBeLessThan(0.11);
      expect(arm.heldOutRmsPx).toBeLessThan(1.05 * arm.rmsPointPx);
      expect(arm.rmsPointPx).toBeCloseTo(arm.rmsCoordinatePx * Math.SQRT2, 12);
    }
    expect(uncertainty.map(({ map }) => map.values.length)).toEqual(stopsMm.map(() => 256));
    expect(crossValidation).toHaveLength(stopsMm.length);
    expect(result.gates.filter(({ state }) => state !== "PASS")).toEqual([]);
  });

  test("gives the canonical pair of every stop", async () => {
    for (const [stop, distanceMm] of stopsMm.entries()) {
      const found = canonicalOf(result.body, stop);
      const truth = (await pair.pointsAt(distanceMm, "charuco-a4", [0, 0, 1600])).truth.canonical;
      // The same distances: focal lengths are these times px per mm. Prints are no better than 0.1 %.
      expect(found.near.focalPx / truth.near.focalPx).toBeCloseTo(1, 2);
      expect(found.far.focalPx / truth.far.focalPx).toBeCloseTo(1, 2);
    }
    expect(() => canonicalOf(result.body, 4)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test("predicts the flow of the depth phantom at every stop", async () => {
    const boards = boardsOfTarget(await readTarget(targetsFolder(repository), "depth-phantom"));
    const noisy = withNoise(noisePx, 13);
    for (const distanceMm of stopsMm) {
      const truth = await pair.seenAt(distanceMm, "depth-phantom", {
        translationMm: [2, -3, 1603],
        rotationDeg: [1.5, -2, 1],
      });
      const seenBy = (arm: "near" | "far") => boards.map(({ id }) => noisy(seenBoard(truth, id, arm)));
      const check = phantomCheck(result.body, distanceMm, boards, {
        near: seenBy("near"),
        far: seenBy("far"),
      });
      const depths = check.depths.map(
        ({ heightMm, meanPx: [x, y], rmsPx }) =>
          `${heightMm} mm: mean (${x.toFixed(3)}, ${y.toFixed(3)}), rms ${rmsPx.toFixed(3)} px`,
      );
      console.log(`phantom at ${distanceMm} mm: ${depths.join("; ")}`);
      expect(check.depths.map(({ heightMm }) => heightMm)).toEqual([35, 0, -95]);
      for (const { rmsPx, meanPx, points } of check.depths) {
        expect(points).toBeGreaterThan(20);
        expect(rmsPx).toBeLessThan(0.3);
        expect(Math.hypot(...meanPx)).toBeLessThan(0.15);
      }
    }
  });

  test("passes the null test, which a flow of half a px fails", async () => {
    const sighting = await sightingAt(pair, 1370, inEyePlane);
    const passed = nullTest(result.body, [sighting]);
    console.log(
      `null test: rms ${passed.rmsPx.toFixed(3)} px, worst cell ${passed.worstCellPx.toFixed(3)} px`,
    );
    expect(passed.gate.state).toBe("PASS");
    const near = {
      ...sighting.near,
      pointsPx: sighting.near.pointsPx.map((at, i) => at + (i % 2 ? 0 : 0.7)),
    };
    expect(nullTest(result.body, [{ ...sighting, near }]).gate.state).toBe("FAIL");
  });

  test("finds at once that the near camera was moved, and by how much", async () => {
    const poses = [
      inEyePlane,
      { translationMm: [10, 0, 1650], rotationDeg: [20, 15, 0] },
      { translationMm: [0, 10, 1550], rotationDeg: [-15, 20, 5] },
    ] as Parameters<SeenPair["seenAt"]>[2][];
    const moved = await SeenPair.start({
      stopsMm: [450],
      viewsPerStop: 1,
      seed: 1,
      optics: { near: { pupilOffsetMm: [1.7, -0.5, 0.8] } },
    });
    try {
      const before = await Promise.all([await sightingAt(pair, 450, inEyePlane)]);
      expect(trackRig(result.body, 450, before[0] as (typeof before)[number])?.moved).toBe(false);
      const now = [];
      for (const pose of poses) now.push(await sightingAt(moved, 450, pose));
      expect(trackRig(result.body, 450, now[0] as (typeof now)[number])?.moved).toBe(true);
      // A sighting of a few corners in line tells no pose, and does not spoil the others.
      const [whole] = now as [(typeof now)[number]];
      const line = { ids: whole.far.ids.slice(0, 4), pointsPx: whole.far.pointsPx.slice(0, 8) };
      now.push({ ...whole, far: { ...whole.far, ...line } });
      const begin = performance.now();
      const { drift, readOuts, flowRmsPx, gates } = checkPair(result.body, 450, now);
      console.log(`check of three views: ${(performance.now() - begin).toFixed(0)} ms`);
      const [x, y, z] = drift.moveMm;
      for (const [{ value, sigma }, truth] of [
        [x, 1],
        [y, 0],
        [z, 0],
      ] as const) {
        expect(Math.abs(value - truth)).toBeLessThan(4 * sigma);
        expect(sigma).toBeLessThan(0.25);
      }
      expect(flowRmsPx.recorded).toBeGreaterThan(2);
      expect(flowRmsPx.refitted).toBeLessThan(0.25);
      expect(gates.map(({ state }) => state)).toEqual(["FAIL"]);
      const was = result.body.stops[1]?.readOuts.lateralOffsetMm.x.value as number;
      // The line of sight turns about the face: 1 mm at 450 mm is 3.6 mm at the far pupil.
      expect(readOuts.lateralOffsetMm.x.value - was).toBeLessThan(-2.5);
    } finally {
      await moved.stop();
    }
  });
});

/** Each stop keeps the first of its views of a board in the eye plane; the others count as poses. */
function heldOnce(input: PairInput): PairInput {
  const first = (stop: number): number =>
    input.views.findIndex((view) => view.stop === stop && view.role === "eye-plane");
  const views = input.views.map((view, i) => ({
    ...view,
    role: i === first(view.stop) ? view.role : ("pose" as const),
  }));
  return { ...input, views };
}

describe("the same with 8 views at each stop", () => {
  test("reports the same figures", async () => {
    const pair = await SeenPair.start({ stopsMm, viewsPerStop: 8, seed: 21 });
    try {
      const { body, gates } = await calibratePair(solver, pair.input(noisePx, 22));
      const figures = await figuresOf(pair, body);
      printFigures(figures);
      for (const stop of figures) {
        for (const { error, sigma } of [stop.lateralXMm, stop.lateralYMm])
          expect(Math.abs(error)).toBeLessThan(Math.max(0.2, 4 * sigma));
        expect(Math.abs(stop.ratioPercent.error)).toBeLessThan(0.05);
        expect(stop.overlayRmsPx).toBeLessThan(0.25);
      }
      expect(gates.find(({ id }) => id === "joint-views")).toMatchObject({ state: "WARN", value: 8 });
      // One board of a stop in the eye plane falls to one half alone; both are compared in its plane all the same.
      const once = await calibratePair(solver, heldOnce(pair.input(noisePx, 22)));
      for (const { map } of once.body.crossValidation)
        expect(median(map.values.filter((value) => value !== null))).toBeLessThan(0.2);
    } finally {
      await pair.stop();
    }
  });
});

describe("3 mm of glass before the far camera, nothing else wrong", () => {
  test("leave under 0.05 px, because fx and fy are both free", async () => {
    const pair = await SeenPair.start({ stopsMm, viewsPerStop: 12, seed: 31, optics: { honest: false } });
    try {
      // Hardly any noise, so that what is left over is the glass.
      const { body } = await calibratePair(solver, pair.input(0.005, 1), { boardErrorMm: 0 });
      console.log(
        `behind glass: ${body.errors.far.rmsPointPx.toFixed(4)} px per point, ${body.errors.far.outliers} outliers`,
      );
      expect(body.errors.far.rmsPointPx).toBeLessThan(0.01);
      expect(body.errors.far.outliers).toBeLessThan(0.001 * body.errors.far.points);
      const [fx, fy] = body.far.intrinsics;
      expect(fx / fy - 1).toBeGreaterThan(1e-4);
      const figures = await figuresOf(pair, body);
      printFigures(figures);
      for (const stop of figures) {
        expect(stop.overlayRmsPx).toBeLessThan(0.01);
        expect(Math.abs(stop.lateralXMm.error)).toBeLessThan(0.02);
        expect(Math.abs(stop.lateralYMm.error)).toBeLessThan(0.02);
        expect(Math.abs(stop.ratioPercent.error)).toBeLessThan(0.01);
      }
      // Signs and sizes of the turns; glass pretends a turn of the far camera of a few thousandths of a degree.
      const { near, far } = (pair.views[0] as (typeof pair.views)[number]).truth.arms;
      const turn = compose(invert(far.T_rig_camera), near.T_rig_camera).rotation;
      const mdeg = vectorOfQuaternion(turn).map((rad) => (rad * 180_000) / Math.PI);
      const { pitchMdeg, yawMdeg, rollMdeg } = (body.stops[1] as (typeof body.stops)[number]).readOuts;
      const found = [pitchMdeg, yawMdeg, rollMdeg].map(({ value }) => value);
      console.log(
        `pitch, yaw, roll ${found.map((each, k) => `${each.toFixed(1)} (true ${mdeg[k]?.toFixed(1)})`).join(", ")} mdeg`,
      );
      for (const [k, value] of found.entries())
        expect(Math.abs(value - (mdeg[k] as number))).toBeLessThan(15);
    } finally {
      await pair.stop();
    }
  });
});

describe("advice that is followed", () => {
  test("brings the far pupil into the line of sight", async () => {
    const offsetOf = async (pupilOffsetMm: [number, number, number]) => {
      const pair = await SeenPair.start({
        stopsMm: [450],
        viewsPerStop: 10,
        seed: 61,
        optics: { honest: false, near: { pupilOffsetMm } },
      });
      try {
        const { body } = await calibratePair(solver, pair.input(noisePx, 62), { boardErrorMm: 0 });
        return (body.stops[0] as (typeof body.stops)[number]).readOuts;
      } finally {
        await pair.stop();
      }
    };
    const before = await offsetOf([0.7, -0.5, 0.8]);
    const wish = before.advice.join("\n").match(/([\d.]+) mm (left|right).*\n.*?([\d.]+) mm (up|down)/);
    const [, aside = "", side, along = "", way] = wish ?? [];
    const dx = Number(aside) * (side === "right" ? 1 : -1);
    const dy = Number(along) * (way === "down" ? 1 : -1);
    expect(Math.hypot(dx, dy)).toBeGreaterThan(1);
    const after = await offsetOf([0.7 + dx, -0.5 + dy, 0.8]);
    const size = ({ lateralOffsetMm: { x, y } }: typeof before): number => Math.hypot(x.value, y.value);
    console.log(`offset ${size(before).toFixed(2)} mm before, ${size(after).toFixed(2)} mm after`);
    expect(size(before)).toBeGreaterThan(5);
    // Tenths of a mm in the advice are four tenths at the far pupil.
    expect(size(after)).toBeLessThan(0.4);
  });
});
