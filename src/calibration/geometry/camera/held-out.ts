/** How well a calibration predicts images that it was not made from. */
import type { Solver } from "../../../native/solver.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import {
  boardAsSolved,
  type CameraModel,
  type CameraSolution,
  noneFree,
  solveCamera,
} from "./solve-camera.js";
import type { PoseVector } from "./start-values.js";

/** Halves with fewer views determine too little. */
const leastViews = 6;

export interface HalfSolutions {
  /** Of the first, third, … view. */
  readonly odd: CameraSolution;
  readonly even: CameraSolution;
  /** Per point over all views, each with the intrinsics of the half that it is not in and a pose of its own, px. */
  readonly heldOutRmsPx: number;
}

/**
 * @param seen the corners of every view that the whole solution kept.
 * @param whole solved from all of them; the halves start from it.
 * @returns null with fewer than 6 views.
 * @throws WorldError CALIBRATION_FAILED when one half does not determine the camera.
 */
export async function solveHalves(
  solver: Solver,
  board: KnownBoard,
  seen: readonly SeenBoard[],
  whole: CameraSolution,
  model: CameraModel,
  signal: AbortSignal | undefined,
): Promise<HalfSolutions | null> {
  if (seen.length < leastViews) return null;
  const noiseSigmaPx = whole.bundle.noiseSigmaPx;
  const half = (parity: number) => {
    const chosen = Array.from(seen.keys()).filter((i) => i % 2 === parity);
    return {
      seen: chosen.map((i) => seen[i] as SeenBoard),
      poses: chosen.map((i) => whole.poses[i] as PoseVector),
    };
  };
  const [first, second] = [half(0), half(1)];
  const halfModel: CameraModel = { ...model, reject: false, covariance: false };
  const solve = (part: typeof first) =>
    solveCamera(solver, board, part.seen, { ...whole, poses: part.poses }, halfModel, {
      noiseSigmaPx,
      signal,
    });
  const [odd, even] = await Promise.all([solve(first), solve(second)]);
  const squares = async (part: typeof first, other: CameraSolution): Promise<number> => {
    const warp = other.warpMm && { startMm: other.warpMm, free: false };
    const fixed: CameraModel = { ...halfModel, free: noneFree, warp, shapeSigmaMm: null, robustSigmas: null };
    const start = { intrinsics: other.intrinsics, poses: part.poses };
    const { bundle } = await solveCamera(solver, boardAsSolved(board, other), part.seen, start, fixed, {
      noiseSigmaPx,
      signal,
    });
    return bundle.rmsPointPx ** 2 * points(part.seen);
  };
  const sums = await Promise.all([squares(second, odd), squares(first, even)]);
  const heldOutRmsPx = Math.sqrt((sums[0] + sums[1]) / points(seen));
  return { odd, even, heldOutRmsPx };
}

function points(seen: readonly SeenBoard[]): number {
  return seen.reduce((sum, { ids }) => sum + ids.length, 0);
}
