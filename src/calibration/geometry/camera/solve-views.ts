/** The whole solve of one camera; views that cannot be right are left out. */
import { CallerError, NearfarError, WorldError } from "../../../base/errors.js";
import { rigidOfPose, transform } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { Solver } from "../../../native/solver.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import { type CameraView, leastCorners, type SortedImages, withoutView } from "./camera-views.js";
import { medianOf } from "./image-grid.js";
import {
  type CameraModel,
  type CameraSolution,
  keptCorners,
  residualsOf,
  solveCamera,
} from "./solve-camera.js";
import { type CameraStart, startValues } from "./start-values.js";
import { tiltSpreadDeg } from "./view-spread.js";

export interface SolvedViews {
  readonly images: SortedImages;
  readonly solution: CameraSolution;
  /** The corners of each view that the solution kept. */
  readonly kept: readonly SeenBoard[];
  readonly tiltSpreadDeg: number;
}

/** Boards nearer to parallel than this do not fix the focal length. */
const leastTiltSpreadDeg = 10;
/** A view whose median residual is so many times the usual one shows something else than the board. */
const wrongViewRatio = 6;

/**
 * @throws CallerError CALIBRATION_REFUSED for boards all at one angle and when fewer than 4 views are right;
 *   WorldError CALIBRATION_FAILED when the views do not determine the camera.
 */
export async function solveViews(
  solver: Solver,
  board: KnownBoard,
  sorted: SortedImages,
  model: CameraModel,
  signal: AbortSignal | undefined,
): Promise<SolvedViews> {
  let images = sorted;
  let start = await startValues(boardsOf(images), board, images.imageSizePx);
  requireBefore(images, start, board);
  while (true) {
    signal?.throwIfAborted();
    const solution = await solve(solver, board, boardsOf(images), start, model, signal);
    const kept = keptCorners(solution, boardsOf(images));
    const wrong = wrongView(images, solution, kept);
    if (wrong === null) {
      const tilt = tiltSpreadDeg(solution.poses);
      if (tilt < leastTiltSpreadDeg) throw oneAngle(tilt);
      return { images, solution, kept, tiltSpreadDeg: tilt };
    }
    const at = images.views.indexOf(wrong[0]);
    images = withoutView(images, ...wrong);
    start = { ...start, poses: start.poses.filter((_, i) => i !== at) };
  }
}

const orderAdvice =
  "Check the board's description and the order of its corners: innerCorners are across × down, corners row by row.";

/** @throws CallerError CALIBRATION_REFUSED for corners that are in another order than the board's. */
function requireBefore({ views }: SortedImages, { poses }: CameraStart, { cornersMm }: KnownBoard): void {
  const behind = views.find(({ board }, i) => {
    const pose = rigidOfPose(poses[i] ?? []);
    return board.ids.some((id) => transform(pose, cornersMm[id] as Vector3)[2] <= 0);
  });
  if (behind === undefined) return;
  throw new CallerError(
    "CALIBRATION_REFUSED",
    `The corners in ${behind.image} fit no board before a camera.`,
    {
      advice:
        "Check the board's description and the order of its corners: innerCorners are across × down, corners row by " +
        "row. If all other images are right, leave this one out.",
    },
  );
}

function boardsOf({ views }: SortedImages): SeenBoard[] {
  return views.map(({ board }) => board);
}

/** Loss and priors are in units of the noise, which a plain solve tells first. */
async function solve(
  solver: Solver,
  board: KnownBoard,
  seen: readonly SeenBoard[],
  start: CameraStart,
  model: CameraModel,
  signal: AbortSignal | undefined,
): Promise<CameraSolution> {
  try {
    const needsNoise = model.robustSigmas !== null || model.shapeSigmaMm !== null;
    if (!needsNoise) return await solveCamera(solver, board, seen, start, model, { signal });
    const plain = { ...model, robustSigmas: null, shapeSigmaMm: null, covariance: false };
    const first = await solveCamera(solver, board, seen, start, plain, { signal });
    const noiseSigmaPx = first.bundle.noiseSigmaPx;
    return await solveCamera(solver, board, seen, first, model, { noiseSigmaPx, signal });
  } catch (error) {
    const undetermined = error instanceof NearfarError && error.code === "CALIBRATION_FAILED";
    const tilt = tiltSpreadDeg(start.poses);
    if (undetermined && tilt < leastTiltSpreadDeg) throw oneAngle(tilt, error);
    if (undetermined) {
      const advice = `${error.advice} ${orderAdvice}`;
      throw new WorldError("CALIBRATION_FAILED", error.message, { advice, cause: error });
    }
    throw error;
  }
}

/** The worst of the views that cannot be right, and why; one at a time, because it spoils the others too. */
function wrongView(
  { views }: SortedImages,
  solution: CameraSolution,
  kept: readonly SeenBoard[],
): readonly [CameraView, string] | null {
  const medians = views.map((_, i) => medianOf(distancesOf(residualsOf(solution, i).residualsPx)));
  const usual = medianOf(medians);
  const worst = medians.indexOf(Math.max(...medians));
  const view = views[worst];
  if (view !== undefined && (medians[worst] as number) > wrongViewRatio * usual) {
    const [here, elsewhere] = [medians[worst] as number, usual].map((px) => px.toFixed(2));
    return [view, `its corners do not fit the board: ${here} px off, ${elsewhere} px in the other images`];
  }
  const emptied = views.find((_, i) => (kept[i]?.ids.length ?? 0) < leastCorners);
  return emptied === undefined ? null : [emptied, "most of its corners are outliers"];
}

/** Of [x, y] flat. */
function distancesOf(residualsPx: Float64Array): number[] {
  return Array.from({ length: residualsPx.length / 2 }, (_, i) =>
    Math.hypot(residualsPx[2 * i] as number, residualsPx[2 * i + 1] as number),
  );
}

function oneAngle(tiltDeg: number, cause?: unknown): CallerError {
  return new CallerError(
    "CALIBRATION_REFUSED",
    `The board is always at one angle: its views are within ${tiltDeg.toFixed(0)}° of parallel.`,
    {
      advice:
        "Tilt the board up to 45°, to the left, right, up and down: parallel boards leave the focal length open.",
      cause,
    },
  );
}
