/**
 * The least squares of calibration. One camera: 60 views of 100 noisy corners, nine intrinsics and their covariance,
 * beside OpenCV's calibrateCameraExtended (Debian's python3-opencv) on the same corners in the same run, both with
 * their start values; ours solves on one thread, OpenCV's is timed with one and with its own choice. Joint: a zoom at
 * four stops and a long lens, 30 boards of 100 corners at each stop seen by both.
 *
 *     npx tsx test/bench/calibrate.bench.ts [REPEATS]
 */
import { execFileSync } from "node:child_process";
import { startValues } from "../../src/calibration/geometry/camera/start-values.js";
import { knownBoard } from "../../src/calibration/geometry/observations/known-boards.js";
import { type Intrinsics, project } from "../../src/geometry/brown-camera.js";
import { poseVector, quaternionOfVector, type Rigid, transform } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import {
  type BundleCamera,
  type BundleOptions,
  type BundleProblem,
  type BundleView,
  createSolver,
} from "../../src/native/solver.js";
import { median, printComparison } from "../support/bench-figures.js";
import { seededNormal } from "../support/noise.js";
import { SeededRandom } from "../support/seeded-random.js";

const repeats = Number(process.argv[2] ?? 5);
const noisePx = 0.1;
const side = 10;
const singleSquareMm = 12;
const ids = Int32Array.from({ length: side * side }, (_, id) => id);
const random = new SeededRandom(1);
const normal = seededNormal(2);

const peer = `
import json, statistics, sys, time, cv2, numpy
views, board, repeats = json.load(sys.stdin), numpy.array(json.loads(sys.argv[1]), numpy.float32).reshape(-1, 3), int(sys.argv[2])
points = [numpy.array(view, numpy.float32).reshape(-1, 2) for view in views]
def once():
    start = time.perf_counter()
    fx = cv2.calibrateCameraExtended([board] * len(points), points, (1280, 1024), None, None)[1][0, 0]
    return (time.perf_counter() - start) * 1e3, fx
def typical():
    return statistics.median([once()[0] for _ in range(repeats + 1)][1:])
default = typical()
cv2.setNumThreads(1)
print(default, typical(), once()[1])`;

function boardOf(squareMm: number): Float64Array {
  const offset = ((side - 1) * squareMm) / 2;
  return Float64Array.from(
    [...ids].flatMap((id) => [(id % side) * squareMm - offset, Math.floor(id / side) * squareMm - offset, 0]),
  );
}

/** A board turned up to 35° about each axis. */
function placed(middle: Vector3): Rigid {
  const turn = (): number => random.between(-0.6, 0.6);
  return { rotation: quaternionOfVector([turn(), turn(), turn()]), translationMm: middle };
}

function seenBy(intrinsics: Intrinsics, board: Float64Array, pose: Rigid): Float64Array {
  const points = new Float64Array(2 * ids.length);
  for (const id of ids) {
    const corner = [board[3 * id], board[3 * id + 1], board[3 * id + 2]] as unknown as Vector3;
    const seen = project(intrinsics, transform(pose, corner)) ?? [Number.NaN, Number.NaN];
    points.set([seen[0] + noisePx * normal(), seen[1] + noisePx * normal()], 2 * id);
  }
  return points;
}

/** A camera whose start is a percent off. */
function started(intrinsics: Intrinsics, free: number, zMm: number): BundleCamera {
  return {
    intrinsics: intrinsics.map((value, i) => (i < free ? value * 1.01 : value)),
    freeIntrinsics: intrinsics.map((_, i) => i < free),
    pose: [0, 0, 0, 0, 0, zMm],
    freePose: zMm !== 0,
  };
}

function problemOf(
  cameras: readonly BundleCamera[],
  board: Float64Array,
  views: BundleView[],
): BundleProblem {
  return {
    cameras,
    boards: [{ cornersMm: board, warp: null, shapeSigmaMm: null }],
    views,
    priors: [],
    noiseSigmaPx: noisePx,
  };
}

function singleCamera(): BundleProblem {
  const board = boardOf(singleSquareMm);
  const camera: Intrinsics = [1500, 1502, 640, 511, -0.12, 0.05, 0.0005, -0.0004, 0.01];
  const views = Array.from({ length: 60 }, (): BundleView => {
    const z = random.between(260, 420);
    const pose = placed([random.between(-0.15, 0.15) * z, random.between(-0.1, 0.1) * z, z]);
    return {
      board: 0,
      pose: poseVector(pose),
      freePose: true,
      observations: [{ camera: 0, ids, pointsPx: seenBy(camera, board, pose) }],
    };
  });
  return problemOf([started(camera, 9, 0)], board, views);
}

/** Camera 0 is the long lens in the world's origin, looking along z past the stops of the zoom. */
function fourStops(): BundleProblem {
  const board = boardOf(16);
  const far: Intrinsics = [7680, 7690, 511.5, 639.5, 0.1, 0, 0, 0, 0];
  const stopsMm = [1370, 1100, 800, 500];
  const near = stopsMm.map(
    (z): Intrinsics => [1104 * (1370 / z), 1105 * (1370 / z), 511.5, 639.5, -0.1, 0.05, 0, 0, 0],
  );
  const views = stopsMm.flatMap((_, stop) =>
    Array.from({ length: 30 }, (): BundleView => {
      const pose = placed([random.between(-15, 15), random.between(-15, 15), 1600 + random.between(-70, 70)]);
      const fromStop: Rigid = {
        rotation: pose.rotation,
        translationMm: [
          pose.translationMm[0],
          pose.translationMm[1],
          pose.translationMm[2] - 1600 + (stopsMm[stop] as number),
        ],
      };
      return {
        board: 0,
        pose: poseVector(pose),
        freePose: true,
        observations: [
          { camera: 0, ids, pointsPx: seenBy(far, board, pose) },
          { camera: stop + 1, ids, pointsPx: seenBy(near[stop] as Intrinsics, board, fromStop) },
        ],
      };
    }),
  );
  const cameras = [
    started(far, 5, 0),
    ...near.map((intrinsics, stop) => started(intrinsics, 6, (stopsMm[stop] as number) - 1600)),
  ];
  return problemOf(cameras, board, views);
}

const solver = createSolver({ threads: 1 });
const plain: BundleOptions = { robustSigmas: null, reject: { above: 5, drop: 4 }, covariance: true };

async function timedMs(work: () => Promise<unknown>): Promise<number> {
  const timesMs: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const startMs = performance.now();
    await work();
    timesMs.push(performance.now() - startMs);
  }
  return median(timesMs.slice(1));
}

async function compareSingle(): Promise<void> {
  const problem = singleCamera();
  const views = problem.views.map(({ observations }) => observations[0]?.pointsPx ?? new Float64Array());
  const cornersMm = problem.boards[0]?.cornersMm ?? new Float64Array();
  const squares = {
    squaresX: side + 1,
    squaresY: side + 1,
    squareMm: singleSquareMm,
    topLeftSquare: "black",
  } as const;
  const board = knownBoard("flat", squares);
  const seen = views.map((pointsPx) => ({ boardId: board.id, ids, pointsPx, sigmaPx: null, mirrored: null }));
  const withStart = async (): Promise<number> => {
    const start = await startValues(seen, board, [1280, 1024]);
    const cameras = problem.cameras.map((camera) => ({ ...camera, intrinsics: start.intrinsics }));
    const posed = problem.views.map((view, i) => ({ ...view, pose: start.poses[i] ?? view.pose }));
    const { cameras: found } = await solver.solveBundle({ ...problem, cameras, views: posed }, plain);
    return found[0]?.intrinsics[0] ?? Number.NaN;
  };
  const solveMs = await timedMs(() => solver.solveBundle(problem, plain));
  const wholeMs = await timedMs(withStart);
  const args = ["-c", peer, JSON.stringify([...cornersMm]), String(repeats)];
  const input = JSON.stringify(views.map((points) => [...points]));
  const output = execFileSync("/usr/bin/python3", args, { encoding: "utf8", input });
  const [defaultMs = Number.NaN, singleMs = Number.NaN, fx = Number.NaN] = output.split(" ").map(Number);
  const title = "one camera, 60 × 100 corners, with covariance";
  const ours = { name: "nearfar", value: wholeMs };
  printComparison(title, "ms", ours, { name: "OpenCV, one thread", value: singleMs });
  printComparison(title, "ms", ours, { name: "OpenCV", value: defaultMs });
  console.log(
    `of it the solve: ${solveMs.toFixed(1)} ms; fx differs by ${((await withStart()) - fx).toFixed(6)} px`,
  );
}

async function timeJoint(): Promise<void> {
  const problem = fourStops();
  const robust: BundleOptions = { ...plain, robustSigmas: 3, reject: null };
  const lap = async (title: string, timed: BundleProblem, options: BundleOptions): Promise<void> => {
    const ms = await timedMs(() => solver.solveBundle(timed, options));
    const { iterations, noiseSigmaPx } = await solver.solveBundle(timed, options);
    console.log(
      `${title}: ${ms.toFixed(0)} ms (${iterations} iterations, noise ${noiseSigmaPx.toFixed(4)} px)`,
    );
  };
  const title = "joint, 4 stops × 30 views × 2 cameras × 100 corners";
  const boards = problem.boards.map((board) => ({
    ...board,
    warp: { startMm: [0, 0] as const, free: true },
  }));
  await lap(`${title}, board rigid, no covariance`, problem, { ...robust, covariance: false });
  await lap(`${title}, board rigid`, problem, robust);
  await lap(`${title}, board warped`, { ...problem, boards }, robust);
  const shaped = boards.map((board) => ({ ...board, shapeSigmaMm: 0.05 }));
  await lap(`${title}, board warped, corners' places free`, { ...problem, boards: shaped }, robust);
  const pixels = Float64Array.from({ length: 600 }, (_, i) =>
    i % 2 === 0 ? 50 * ((i / 2) % 20) : 80 * Math.floor(i / 40),
  );
  const mapMs = await timedMs(() =>
    solver.projectionUncertainty(problem, { camera: 1, distanceMm: 1370, pixels }),
  );
  console.log(`projection uncertainty at 300 px of it: ${mapMs.toFixed(0)} ms`);
}

try {
  await compareSingle();
  await timeJoint();
} finally {
  await solver.close();
}
