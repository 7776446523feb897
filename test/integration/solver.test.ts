/** The bundle adjustment on published corner files, and its jobs as JavaScript sees them. */
import { afterAll, describe, expect, it } from "vitest";
import { startValues } from "../../src/calibration/geometry/camera/start-values.js";
import { readCornerFile } from "../../src/calibration/geometry/observations/corner-file.js";
import type { KnownBoard, SeenBoard } from "../../src/calibration/geometry/observations/seen-board.js";
import {
  type BundleObservation,
  type BundleOptions,
  type BundleProblem,
  type BundleSolution,
  createSolver,
} from "../../src/native/solver.js";
import { EventLoopProbe } from "../support/event-loop-probe.js";
import { seededNormal } from "../support/noise.js";
import { sharedData } from "../support/shared-data.js";

const solver = createSolver();
afterAll(() => solver.close());

const rejecting: BundleOptions = { robustSigmas: null, reject: { above: 5, drop: 4 }, covariance: true };

interface SeenCorners {
  readonly sizePx: readonly [number, number];
  readonly board: KnownBoard;
  readonly views: readonly SeenBoard[];
}

async function cornersIn(path: string): Promise<SeenCorners> {
  const { board, sightings } = await readCornerFile(path);
  return { sizePx: sightings[0]?.sizePx ?? [0, 0], board, views: sightings.flatMap(({ boards }) => boards) };
}

/** Every intrinsic and every pose free, from the product's own start values. */
async function problemOf({ views, board, sizePx }: SeenCorners): Promise<BundleProblem> {
  const start = await startValues(views, board, sizePx);
  return {
    cameras: [
      {
        intrinsics: start.intrinsics,
        freeIntrinsics: Array.from({ length: 9 }, () => true),
        pose: [0, 0, 0, 0, 0, 0],
        freePose: false,
      },
    ],
    boards: [{ cornersMm: Float64Array.from(board.cornersMm.flat()), warp: null, shapeSigmaMm: null }],
    views: views.map(({ ids, pointsPx }, i) => ({
      board: 0,
      pose: start.poses[i] ?? [],
      freePose: true,
      observations: [{ camera: 0, ids, pointsPx }],
    })),
    priors: [],
    noiseSigmaPx: 0.14,
  };
}

async function solved(file: SeenCorners): Promise<BundleSolution> {
  return solver.solveBundle(await problemOf(file), rejecting);
}

function outliersOf({ views }: BundleSolution): number {
  const flags = views.flatMap(({ observations }) => observations.flatMap(({ outliers }) => [...outliers]));
  return flags.filter((flag) => flag === 1).length;
}

/** The problem again, with what was found. */
function refined(problem: BundleProblem, solution: BundleSolution): BundleProblem {
  return {
    ...problem,
    cameras: problem.cameras.map((camera, i) => ({ ...camera, ...solution.cameras[i] })),
    views: problem.views.map((view, i) => ({ ...view, pose: solution.views[i]?.pose ?? view.pose })),
    noiseSigmaPx: solution.noiseSigmaPx,
  };
}

const folder = sharedData("opencv-left");
const absent = folder === null ? " (skipped: there is no ../shared/data/opencv-left)" : "";

describe.skipIf(folder === null)(`corner files of OpenCV's 13 photographs${absent}`, () => {
  const file = (name: string): Promise<SeenCorners> => cornersIn(`${folder}/${name}`);

  it("give OpenCV's and mrcal's numbers", async () => {
    const solution = await solved(await file("corners-win5.json"));
    const [fx, fy, cx, cy] = solution.cameras[0]?.intrinsics ?? [];
    expect(fx).toBeCloseTo(532.827, 3);
    expect(fy).toBeCloseTo(532.946, 3);
    expect(cx).toBeCloseTo(342.487, 3);
    expect(cy).toBeCloseTo(233.856, 3);
    expect(solution.rmsPointPx).toBeCloseTo(0.19542, 5);
    expect(outliersOf(solution)).toBe(0);
  });

  it("lose the corners that a wide refinement window spoilt", async () => {
    const solution = await solved(await file("corners-win11.json"));
    expect(Math.abs((solution.cameras[0]?.intrinsics[0] as number) - 533.5)).toBeLessThan(1);
    expect(outliersOf(solution)).toBe(18);
  });

  it("give the mirrored camera of mirrored corners", async () => {
    const straight = await file("corners-win5.json");
    const [width] = straight.sizePx;
    const views = straight.views.map((view) => ({
      ...view,
      pointsPx: view.pointsPx.map((value, i) => (i % 2 === 0 ? width - 1 - value : value)),
    }));
    const [plain, flipped] = await Promise.all([solved(straight), solved({ ...straight, views })]);
    const [fx, fy, cx, cy, k1, k2, p1, p2, k3] = plain.cameras[0]?.intrinsics ?? [];
    const expected = [fx, fy, width - 1 - (cx as number), cy, k1, k2, p1, -(p2 as number), k3] as number[];
    for (const [i, value] of expected.entries()) {
      const found = flipped.cameras[0]?.intrinsics[i] as number;
      expect(Math.abs(found / value - 1), `intrinsic ${i}`).toBeLessThan(1e-6);
    }
  });

  it("are as uncertain as mrcal says", async () => {
    const problem = await problemOf(await file("corners-win5.json"));
    const found = refined(problem, await solver.solveBundle(problem, rejecting));
    // mrcal 2.2, LENSMODEL_OPENCV5 without regularization, worstdirection-stdev.
    const published = [
      { distanceMm: 400, sigmasPx: [0.02753329, 0.06544338, 10.46978685, 5.41293333] },
      { distanceMm: 1e9, sigmasPx: [0.13531538, 0.19741411, 10.43618981, 5.3885815] },
    ];
    // mrcal 2.2 divides the residuals' squares by the coordinates, not by the degrees of freedom.
    const coordinates = 2 * 13 * 54;
    const factor = Math.sqrt(coordinates / (coordinates - 9 - 13 * 6));
    const pixels = Float64Array.of(320, 240, 160, 120, 0, 0, 639, 479);
    for (const { distanceMm, sigmasPx } of published) {
      const claimed = await solver.projectionUncertainty(found, { camera: 0, distanceMm, pixels });
      for (const [i, sigma] of sigmasPx.entries()) {
        expect((claimed[i] as number) / (sigma * factor)).toBeCloseTo(1, 3);
      }
    }
  });
});

/** A pinhole before boards at 40 places, noisy and started badly: tens of milliseconds of work. */
function longProblem(): BundleProblem {
  const normal = seededNormal(1);
  const side = 12;
  const ids = Int32Array.from({ length: side * side }, (_, id) => id);
  const cornersMm = Float64Array.from(
    [...ids].flatMap((id) => [10 * (id % side), 10 * Math.floor(id / side), 0]),
  );
  const view = (i: number): BundleProblem["views"][number] => {
    const tilt = ((i % 5) - 2) / 4;
    const pointsPx = Float64Array.from(
      [...ids].flatMap((id) => {
        const [x, y] = [10 * (id % side) - 55, 10 * Math.floor(id / side) - 55];
        const [turnedX, z] = [x * Math.cos(tilt), 250 + 2 * i - x * Math.sin(tilt)];
        return [320 + (600 * turnedX) / z + normal(), 240 + (600 * y) / z + normal()];
      }),
    );
    const pose = [0, tilt, 0, -55 * Math.cos(tilt), -55, 250 + 2 * i + 55 * Math.sin(tilt)];
    return { board: 0, pose, freePose: true, observations: [{ camera: 0, ids, pointsPx }] };
  };
  return {
    cameras: [
      {
        intrinsics: [660, 550, 300, 260, 0, 0, 0, 0, 0],
        freeIntrinsics: Array.from({ length: 9 }, () => true),
        pose: [0, 0, 0, 0, 0, 0],
        freePose: false,
      },
    ],
    boards: [{ cornersMm, warp: { startMm: [0, 0], free: true }, shapeSigmaMm: 0.1 }],
    views: Array.from({ length: 40 }, (_, i) => view(i)),
    priors: [],
    noiseSigmaPx: 1,
  };
}

function twice<Item>(items: readonly Item[]): readonly Item[] {
  return [...items, ...items];
}

describe("solves as jobs", () => {
  const options: BundleOptions = { robustSigmas: 3, reject: null, covariance: true };

  it("run beside JavaScript and give what they give alone", async () => {
    const problem = longProblem();
    const alone = await solver.solveBundle(problem, options);
    const probe = new EventLoopProbe();
    const together = await Promise.all([1, 2, 3].map(() => solver.solveBundle(problem, options)));
    const standstillMs = probe.stop();
    for (const { cameras } of together) expect(cameras).toEqual(alone.cameras);
    expect(standstillMs).toBeLessThan(0.5e3 * alone.seconds);
    expect(alone.cameras[0]?.intrinsics[0]).toBeCloseTo(600, -1);
    expect(alone.noiseSigmaPx).toBeCloseTo(1, 1);
  });

  it("see arrays as they were at the call", async () => {
    const problem = longProblem();
    const expected = await solver.solveBundle(problem, options);
    const pending = solver.solveBundle(problem, options);
    for (const { observations } of problem.views) observations[0]?.pointsPx.fill(0);
    expect((await pending).cameras).toEqual(expected.cameras);
  });

  it("end with the signal's reason", async () => {
    const controller = new AbortController();
    const pending = solver.solveBundle(longProblem(), { ...options, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(pending).rejects.toThrow("enough");
    const request = { camera: 0, distanceMm: 400, pixels: Float64Array.of(320, 240) };
    const asked = solver.projectionUncertainty(longProblem(), request, { signal: controller.signal });
    await expect(asked).rejects.toThrow("enough");
  });

  it("end when the solver is closed, which takes no more", async () => {
    const own = createSolver({ threads: 1 });
    const pending = [1, 2].map(() => own.solveBundle(longProblem(), options));
    const settled = Promise.allSettled(pending);
    await own.close();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "CLOSED" } });
    }
    await expect(own.solveBundle(longProblem(), options)).rejects.toMatchObject({ code: "CLOSED" });
    await own.close();
  });

  it("name what makes no sense", async () => {
    const problem = longProblem();
    const spoilt: readonly [Partial<BundleProblem>, string][] = [
      [{ noiseSigmaPx: Number.NaN }, "noiseSigmaPx"],
      [
        { views: problem.views.map((view) => ({ ...view, observations: twice(view.observations) })) },
        "views[0].observations[1].camera is 0",
      ],
      [{ views: problem.views.map((view) => ({ ...view, board: 1 })) }, "views[0].board is 1"],
      [{ cameras: problem.cameras.map((camera) => ({ ...camera, pose: [0] })) }, "pose must be 6 numbers"],
      [{ priors: [{ kind: "square-pixels", camera: 2, sigma: 1 }] }, "priors[0].camera is 2"],
    ];
    for (const [change, message] of spoilt) {
      const pending = solver.solveBundle({ ...problem, ...change }, options);
      await expect(pending).rejects.toMatchObject({
        code: "USAGE",
        message: expect.stringContaining(message),
      });
    }
  });

  it("refuse what no memory holds, and go on", async () => {
    const problem = longProblem();
    const observations: BundleObservation[] = [];
    observations.length = 2 ** 32 - 1;
    const views = problem.views.map((view) => ({ ...view, observations }));
    await expect(solver.solveBundle({ ...problem, views }, options)).rejects.toMatchObject({ code: "USAGE" });
    await expect(solver.solveBundle(problem, options)).resolves.toBeDefined();
  });

  it("say which parameter the corners leave open", async () => {
    const problem = longProblem();
    const cameras = problem.cameras.map((camera) => ({ ...camera, freePose: true }));
    await expect(solver.solveBundle({ ...problem, cameras }, options)).rejects.toMatchObject({
      code: "CALIBRATION_FAILED",
      message: expect.stringContaining("cameras[0]"),
    });
  });
});
