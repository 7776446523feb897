/** One camera and the poses of one board, solved by the bundle adjustment of native/solver. */
import type { Intrinsics } from "../../../geometry/brown-camera.js";
import { add, vectorAt } from "../../../geometry/vector.js";
import type { BundleProblem, BundleSolution, Solver } from "../../../native/solver.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import type { CameraStart, PoseVector } from "./start-values.js";

/** What is solved for and how outliers are treated. */
export interface CameraModel {
  /** Which of fx fy cx cy k1 k2 p1 p2 k3; the others stay as they are at the start. */
  readonly free: readonly boolean[];
  /** Bend of the board at the start, mm; null: it is flat. */
  readonly warp: { readonly startMm: readonly [number, number]; readonly free: boolean } | null;
  /** Standard deviation of each corner's place on the board, mm; null: places are exact. */
  readonly shapeSigmaMm: number | null;
  /** Cauchy's loss from this many standard deviations on, beside the hard rejection; null: plain squares. */
  readonly robustSigmas: number | null;
  /** Whether corners that are off by more than 4 standard deviations are left out when one is beyond 5 (mrcal's). */
  readonly reject: boolean;
  readonly covariance: boolean;
  /**
   * Whether corners count by their own sigmas. Those of the detector tell the image's noise alone, which is the lesser
   * part of what corners are off by: cameras are solved without them.
   */
  readonly weighted: boolean;
}

export const allFree: readonly boolean[] = Array.from({ length: 9 }, () => true);
export const noneFree: readonly boolean[] = Array.from({ length: 9 }, () => false);

/** OpenCV's five distortion terms, a flat board, hard rejection. */
export const plainModel: CameraModel = {
  free: allFree,
  warp: null,
  shapeSigmaMm: null,
  robustSigmas: null,
  reject: true,
  covariance: true,
  weighted: false,
};

export interface CameraSolution {
  readonly intrinsics: Intrinsics;
  readonly poses: readonly PoseVector[];
  readonly warpMm: readonly [number, number] | null;
  readonly bundle: BundleSolution;
  /** What was solved, with the solution's numbers in it. */
  readonly problem: BundleProblem;
}

/** Of a corner's coordinate before anything is known of it, px; it matters beside priors and loss alone. */
const usualNoisePx = 0.15;
/** Of corners that are exact, which the solver does not take. */
const leastNoisePx = 1e-9;
const rejection = { above: 5, drop: 4 } as const;

/**
 * @param noiseSigmaPx of one coordinate, as far as it is known.
 * @throws WorldError CALIBRATION_FAILED when the views do not determine the camera.
 */
export async function solveCamera(
  solver: Solver,
  board: Pick<KnownBoard, "cornersMm">,
  seen: readonly SeenBoard[],
  start: CameraStart,
  model: CameraModel,
  options: { readonly noiseSigmaPx?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<CameraSolution> {
  const { noiseSigmaPx = usualNoisePx, signal } = options;
  const problem = problemOf(board, seen, start, model, noiseSigmaPx);
  const bundle = await solver.solveBundle(problem, {
    robustSigmas: model.robustSigmas,
    reject: model.reject ? rejection : null,
    covariance: model.covariance,
    ...(signal === undefined ? {} : { signal }),
  });
  const intrinsics = nine(bundle.cameras[0]?.intrinsics ?? start.intrinsics);
  const poses = bundle.views.map(({ pose }) => six(pose));
  const warpMm = pairOf(bundle.boards[0]?.warpMm ?? null);
  const solved = { ...model, warp: model.warp && { ...model.warp, startMm: warpMm ?? model.warp.startMm } };
  return {
    intrinsics,
    poses,
    warpMm,
    bundle,
    problem: problemOf(board, seen, { intrinsics, poses }, solved, bundle.noiseSigmaPx),
  };
}

function problemOf(
  { cornersMm }: Pick<KnownBoard, "cornersMm">,
  seen: readonly SeenBoard[],
  { intrinsics, poses }: CameraStart,
  { free, warp, shapeSigmaMm, weighted }: CameraModel,
  noiseSigmaPx: number,
): BundleProblem {
  return {
    cameras: [{ intrinsics, freeIntrinsics: free, pose: [0, 0, 0, 0, 0, 0], freePose: false }],
    boards: [{ cornersMm: Float64Array.from(cornersMm.flat()), warp, shapeSigmaMm }],
    views: seen.map(({ ids, pointsPx, sigmaPx }, i) => ({
      board: 0,
      pose: poses[i] ?? [],
      freePose: true,
      observations: [{ camera: 0, ids, pointsPx, ...(weighted && sigmaPx !== null ? { sigmaPx } : {}) }],
    })),
    priors: [],
    noiseSigmaPx: Math.max(noiseSigmaPx, leastNoisePx),
  };
}

function pairOf(values: ArrayLike<number> | null): readonly [number, number] | null {
  return values && [values[0] as number, values[1] as number];
}

function nine(values: ArrayLike<number>): Intrinsics {
  return Array.from(values) as unknown as Intrinsics;
}

function six(values: ArrayLike<number>): PoseVector {
  return Array.from(values) as unknown as PoseVector;
}

/** Residuals of a view's corners, projected minus seen, [x, y] flat, and which corners were left out. */
export function residualsOf(
  { bundle }: CameraSolution,
  view: number,
): { readonly residualsPx: Float64Array; readonly outliers: Uint8Array } {
  const observation = bundle.views[view]?.observations[0];
  return observation ?? { residualsPx: new Float64Array(), outliers: new Uint8Array() };
}

/** The corners of each view that the solution kept. */
export function keptCorners(solution: CameraSolution, seen: readonly SeenBoard[]): SeenBoard[] {
  return seen.map((board, view) => {
    const { outliers } = residualsOf(solution, view);
    const keep = Array.from(board.ids.keys()).filter((i) => outliers[i] !== 1);
    return {
      ...board,
      ids: Int32Array.from(keep, (i) => board.ids[i] as number),
      pointsPx: Float64Array.from(
        keep.flatMap((i) => [board.pointsPx[2 * i] as number, board.pointsPx[2 * i + 1] as number]),
      ),
      sigmaPx: board.sigmaPx && Float64Array.from(keep, (i) => (board.sigmaPx as Float64Array)[i] as number),
    };
  });
}

/** The board with its corners where they were found to lie, the warp left out. */
export function boardAsSolved(
  { cornersMm }: Pick<KnownBoard, "cornersMm">,
  { bundle }: CameraSolution,
): Pick<KnownBoard, "cornersMm"> {
  const shape = bundle.boards[0]?.shapeMm ?? null;
  if (shape === null) return { cornersMm };
  return { cornersMm: cornersMm.map((corner, id) => add(corner, vectorAt(shape, id))) };
}
