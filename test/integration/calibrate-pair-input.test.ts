import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flipX } from "../../src/calibration/geometry/observations/flip.js";
import { calibratePair, type PairResult } from "../../src/calibration/geometry/pair/calibrate-pair.js";
import type { PairInput, PairView } from "../../src/calibration/geometry/pair/pair-input.js";
import { createRecord } from "../../src/calibration/record/create-record.js";
import { pairObservations } from "../../src/calibration/record/observations.js";
import { createSolver, type Solver } from "../../src/native/solver.js";
import type { Gate } from "../../src/schema/calibration-header.js";
import { recordContext } from "../support/calibration-fixtures.js";
import { SeenPair, type SeenPairOptions } from "../support/seen-pair.js";

const noisePx = 0.1;
const usual = { stopsMm: [450, 900], viewsPerStop: 12, seed: 51, optics: { honest: false } } as const;
/** Boards of the virtual rig that are exact: the solves are quicker. */
const exact = { boardErrorMm: 0 };

let solver: Solver;
let pair: SeenPair;
beforeAll(async () => {
  solver = createSolver();
  pair = await SeenPair.start(usual);
});
afterAll(async () => {
  await pair.stop();
  await solver.close();
});

async function inputOf(options: Partial<SeenPairOptions>): Promise<PairInput> {
  const other = await SeenPair.start({ ...usual, ...options });
  try {
    return other.input(noisePx, 52);
  } finally {
    await other.stop();
  }
}

function gateOf({ gates }: PairResult, id: string): Gate {
  const found = gates.find((gate) => gate.id === id);
  if (found === undefined) throw new Error(`there is no gate ${id}`);
  return found;
}

type SeenPoints = NonNullable<PairView["near"]>;

function withNear(input: PairInput, change: (seen: SeenPoints, index: number) => SeenPoints): PairInput {
  const views = input.views.map((view, index) => ({ ...view, near: view.near && change(view.near, index) }));
  return { ...input, views };
}

describe("observations that are refused", () => {
  test("near images that were not un-mirrored, whatever the detector makes of the corners' order", async () => {
    const input = pair.input(noisePx, 52);
    const [width] = input.imageSizePx.near;
    const flipped = withNear(input, (seen) => ({ ...seen, pointsPx: flipX(seen.pointsPx, width) }));
    const mirrored = { code: "CALIBRATION_REFUSED", message: expect.stringContaining("mirrored") };
    await expect(calibratePair(solver, flipped, exact)).rejects.toMatchObject(mirrored);
    // charuco-a4 has 11 corners in a row; a chessboard's are counted from the other end in a mirror.
    const counted = withNear(flipped, (seen) => ({
      ...seen,
      ids: seen.ids.map((id) => id - (id % 11) + (10 - (id % 11))),
    }));
    await expect(calibratePair(solver, counted, exact)).rejects.toMatchObject(mirrored);
  });

  test("near and far images of different moments", async () => {
    const input = pair.input(noisePx, 52);
    const nears = input.views.map(({ near }) => near);
    const views = input.views.map((view, i) => ({ ...view, near: nears[(i + 5) % nears.length] ?? null }));
    await expect(calibratePair(solver, { ...input, views }, exact)).rejects.toMatchObject({
      code: "CALIBRATION_REFUSED",
      message: expect.stringContaining("turn differently"),
    });
  });

  test("boards at one angle", async () => {
    await expect(calibratePair(solver, await inputOf({ tiltDeg: 2 }), exact)).rejects.toMatchObject({
      code: "CALIBRATION_REFUSED",
      message: expect.stringContaining("same way"),
      advice: expect.stringContaining("20 to 40°"),
    });
  });

  test("images of several sizes, boards and stops that do not exist", async () => {
    const input = pair.input(noisePx, 52);
    const [first] = input.views as [PairView];
    const larger = withNear(input, (seen, i) =>
      i === 0 ? { ...seen, pointsPx: seen.pointsPx.map((at) => 2 * at) } : seen,
    );
    await expect(calibratePair(solver, larger)).rejects.toMatchObject({
      code: "CALIBRATION_REFUSED",
      advice: expect.stringContaining("one size"),
    });
    for (const view of [
      { ...first, boardId: "none" },
      { ...first, stop: 7 },
    ])
      await expect(calibratePair(solver, { ...input, views: [view] })).rejects.toMatchObject({
        code: "USAGE",
      });
  });

  test("stops with fewer than six joint views: left out, or all of it", async () => {
    const input = pair.input(noisePx, 52);
    const few = { ...input, views: input.views.filter(({ stop }, i) => stop === 0 || i % 3 === 0) };
    const result = await calibratePair(solver, few, exact);
    expect(result.body.stops.map(({ distanceMm }) => distanceMm)).toEqual([450]);
    expect(gateOf(result, "joint-views")).toMatchObject({ state: "FAIL", value: 4 });
    // The record has all that was given, and tells the same when it is solved again.
    const { body } = result;
    expect(body.unsolvedStops).toEqual([{ distanceMm: 900 }]);
    expect(body.views).toHaveLength(few.views.length);
    expect(body.views.filter(({ stop }) => stop === 1)).toHaveLength(4);
    for (const { stop, near, T_rig_board, unused } of body.views)
      expect([near?.residualsPx.length === 0, T_rig_board === null, unused !== null]).toEqual(
        stop === 1 ? [true, true, true] : [false, false, false],
      );
    const record = createRecord(body, recordContext({ gates: result.gates }));
    const again = await calibratePair(solver, pairObservations(record), record.solve);
    expect(gateOf(again, "joint-views")).toMatchObject({ state: "FAIL", value: 4 });
    expect(again.body.views.map(({ name, unused }) => [name, unused])).toEqual(
      body.views.map(({ name, unused }) => [name, unused]),
    );
    const none = { ...input, views: input.views.filter((_, i) => i % 3 === 0) };
    await expect(calibratePair(solver, none, exact)).rejects.toMatchObject({ code: "CALIBRATION_REFUSED" });
  });
});

describe("observations that are used and warned of", () => {
  test("a small range of depth with weak tilts: the lateral offset is several times less certain", async () => {
    const good = await calibratePair(solver, pair.input(noisePx, 52), exact);
    const poor = await calibratePair(solver, await inputOf({ depthMm: 15, tiltDeg: 15 }), exact);
    expect(gateOf(good, "depth-range").state).toBe("PASS");
    expect(gateOf(poor, "depth-range").state).toBe("FAIL");
    expect(gateOf(poor, "tilt").state).not.toBe("PASS");
    const sigma = (result: PairResult): number => gateOf(result, "lateral-sigma").value as number;
    console.log(
      `lateral sigma ${sigma(good).toFixed(3)} mm, with ± 15 mm and 15° ${sigma(poor).toFixed(3)} mm`,
    );
    expect(sigma(poor)).toBeGreaterThan(2.5 * sigma(good));
  });

  test("squares of another size than they are said to be, by the rail and by the other board", async () => {
    const larger = (input: PairInput, wrong: (id: string) => boolean): PairInput => ({
      ...input,
      boards: input.boards.map((known) =>
        wrong(known.id)
          ? {
              ...known,
              board: { ...known.board, squareMm: known.board.squareMm * 1.05 },
              cornersMm: known.cornersMm.map(([x, y, z]) => [1.05 * x, 1.05 * y, z] as const),
            }
          : known,
      ),
    });
    const all = await calibratePair(
      solver,
      larger(pair.input(noisePx, 52), () => true),
      exact,
    );
    expect(gateOf(all, "square-size")).toMatchObject({
      state: "FAIL",
      advice: expect.stringMatching(/charuco-a4 seem to be 1[45]\.\d\d mm, not 15\.75/),
    });
    const two = await inputOf({ stopsMm: [250, 450, 900], viewsPerStop: 8 });
    const small = await calibratePair(
      solver,
      larger(two, (id) => id === "charuco-small"),
    );
    expect(gateOf(small, "square-size")).toMatchObject({
      state: "FAIL",
      advice: expect.stringMatching(/charuco-small seem to be 1[12]\.\d\d mm, not 12\.6/),
    });
  });

  test("a bent board", async () => {
    const input = pair.input(noisePx, 52);
    // A flat board, said to be bent, is to the solve what a bent one is that is said to be flat.
    const bent = input.boards.map((known) => ({
      ...known,
      cornersMm: known.cornersMm.map(([x, y]) => [x, y, 3 * (x / 80) ** 2] as const),
    }));
    const result = await calibratePair(solver, { ...input, boards: bent });
    expect(gateOf(result, "board-bend").state).toBe("FAIL");
    expect(gateOf(result, "board-bend").value).toBeGreaterThan(2);
  });

  test("a plate that moved between the views", async () => {
    const input = pair.input(noisePx, 52);
    const still = await calibratePair(solver, input, exact);
    expect(gateOf(still, "view-drift").state).toBe("PASS");
    const bumped = await inputOf({ plateBumpDeg: [0, 0.08] });
    const views = input.views.map((view, i) => (i % 12 < 6 ? view : (bumped.views[i] as PairView)));
    const result = await calibratePair(solver, { ...input, views }, exact);
    expect(gateOf(result, "view-drift").state).toBe("FAIL");
  });

  test("wild corners: left out, counted and kept in the record", async () => {
    const input = pair.input(noisePx, 52);
    const wild = withNear(input, (seen, index) =>
      index % 4 === 0 ? { ...seen, pointsPx: seen.pointsPx.map((at, i) => (i < 6 ? at + 5 : at)) } : seen,
    );
    const [clean, result] = [
      await calibratePair(solver, input, exact),
      await calibratePair(solver, wild, exact),
    ];
    expect(result.body.errors.near.outliers).toBeGreaterThanOrEqual(18);
    expect(result.body.errors.near.outliers).toBeLessThan(25);
    const view = result.body.views[0]?.near;
    expect(view?.outliers.slice(0, 3)).toEqual([0, 1, 2]);
    expect(view?.pointsPx).toHaveLength(input.views[0]?.near?.pointsPx.length as number);
    const lateral = (each: PairResult): number =>
      each.body.stops[0]?.readOuts.lateralOffsetMm.x.value as number;
    expect(Math.abs(lateral(result) - lateral(clean))).toBeLessThan(0.05);
  });

  test("a carriage that does not come back to its place", async () => {
    const [visits, aside] = await Promise.all([
      inputOf({ stopsMm: [450, 900, 450] }),
      inputOf({
        stopsMm: [450, 900, 450],
        optics: { honest: false, near: { pupilOffsetMm: [1.5, -0.5, 0.8] } },
      }),
    ]);
    const good = await calibratePair(solver, visits, exact);
    expect(good.body.returnErrorMm).toBeLessThan(0.3);
    expect(good.body.covariance.names).toContain("450-2.fx");
    const views = visits.views.map((view, i) => (view.stop === 2 ? (aside.views[i] as PairView) : view));
    const bad = await calibratePair(solver, { ...visits, views }, exact);
    console.log(
      `return error ${good.body.returnErrorMm?.toFixed(3)} mm, moved by 0.8 mm ${bad.body.returnErrorMm?.toFixed(3)} mm`,
    );
    expect(bad.body.returnErrorMm).toBeGreaterThan(0.6);
    expect(gateOf(bad, "return-error").state).toBe("WARN");
  });
});

describe("observations of other kinds", () => {
  test("sightings of a few corners are kept in the record and take no part", async () => {
    const input = pair.input(noisePx, 52);
    const scrap = withNear(input, (seen, index) =>
      index === 3 ? { ...seen, ids: seen.ids.slice(0, 5), pointsPx: seen.pointsPx.slice(0, 10) } : seen,
    );
    const { body } = await calibratePair(solver, scrap, exact);
    expect(body.views[3]).toMatchObject({
      near: { ids: [...(scrap.views[3]?.near?.ids ?? [])], residualsPx: [], outliers: [] },
      unused: "near saw 5 corners, 8 are needed",
    });
    expect(body.views[3]?.far?.residualsPx).toHaveLength(input.views[3]?.far?.pointsPx.length as number);
    expect(body.views[3]?.T_rig_board).not.toBeNull();
  });

  test("views of one arm alone take part, corners may come with their own sigmas", async () => {
    const input = pair.input(noisePx, 52);
    const views = input.views.map((view, i) => ({
      ...view,
      near: i % 12 === 11 ? null : view.near,
      far:
        view.far && i % 12 !== 10
          ? { ...view.far, sigmaPx: Float64Array.from(view.far.ids, () => 0.1) }
          : null,
    }));
    const { body } = await calibratePair(solver, { ...input, views }, exact);
    expect(body.views).toHaveLength(24);
    expect(body.views.filter(({ near }) => near === null)).toHaveLength(2);
    expect(body.views.filter(({ far }) => far === null)).toHaveLength(2);
    expect(body.errors.near.rmsPointPx).toBeLessThan(0.16);
    expect(body.errors.far.rmsPointPx).toBeLessThan(0.16);
  });

  test("without a board in the eye plane it is where the config has it, and less sure", async () => {
    const input = pair.input(noisePx, 52);
    const views = input.views.map((view) => ({ ...view, role: "pose" as const }));
    const result = await calibratePair(solver, { ...input, views }, exact);
    const { source, pointMm } = result.body.eyePlane;
    expect(source).toBe("config");
    expect(Math.hypot(...pointMm)).toBeCloseTo(1600, 9);
    expect(gateOf(result, "eye-plane-views").state).toBe("WARN");
    expect(result.body.stops[0]?.readOuts.nearDistanceMm.sigma).toBeGreaterThan(3);
  });

  test("an interrupt ends it with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = (step: string): void => {
      if (step === "first solve") setImmediate(() => controller.abort(reason));
    };
    const { signal } = controller;
    await expect(
      calibratePair(solver, pair.input(noisePx, 52), { ...exact, signal, onProgress }),
    ).rejects.toBe(reason);
  });
});
