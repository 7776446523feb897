/** One joint solve of cameras, boards and poses. */
import type { Intrinsics } from "../../../geometry/brown-camera.js";
import { poseVector, type Rigid, rigidOfPose } from "../../../geometry/rigid.js";
import { type Vector3, vectorAt } from "../../../geometry/vector.js";
import type {
  BundleBoard,
  BundleObservation,
  BundleSolution,
  BundleView,
  Solver,
} from "../../../native/solver.js";
import type { SeenBoard } from "../observations/seen-board.js";
import { foundCorners } from "./board-shape.js";
import { freeIntrinsics, type LensModel } from "./lens-terms.js";
import type { PairInput } from "./pair-input.js";
import { pairPriors } from "./pair-priors.js";
import type { CameraParameter, PairCovariance, PairState } from "./pair-state.js";

/** A board as a solve takes it. */
export interface JointBoard {
  readonly cornersMm: readonly Vector3[];
  /** Standard deviation of its corners' places; 0: they are exact. */
  readonly errorMm: number;
}

export interface JointProblem {
  readonly input: PairInput;
  /** Indices of the input's views that take part. */
  readonly views: readonly number[];
  readonly state: PairState;
  /** Alongside the input's views. */
  readonly T_rig_board: readonly (Rigid | null)[];
  /** Alongside the input's boards. */
  readonly boards: readonly JointBoard[];
  /** Far, then one a stop. */
  readonly models: readonly LensModel[];
  readonly noiseSigmaPx: number;
  readonly covariance: boolean;
}

export interface JointSolution {
  readonly state: PairState;
  /** Alongside the input's views; those that took no part keep what they had. */
  readonly T_rig_board: readonly (Rigid | null)[];
  /** Alongside the input's boards. */
  readonly boards: readonly {
    /** Where each corner was found, bend and all. */
    readonly cornersMm: readonly Vector3[];
    readonly warpMm: readonly [number, number] | null;
  }[];
  /** By index of the input's view. */
  readonly sightings: ReadonlyMap<number, ViewResiduals>;
  readonly covariance: PairCovariance;
  readonly noiseSigmaPx: number;
}

export interface ViewResiduals {
  readonly near: ArmResiduals | null;
  readonly far: ArmResiduals | null;
}

export interface ArmResiduals {
  /** Projected minus seen, [x, y] flat. */
  readonly residualsPx: Float64Array;
  readonly outliers: Uint8Array;
}

/** Corners beyond this many standard deviations weigh less and less: a smudge, a shadow's edge. */
const robustSigmas = 4;
/** Added to what a detector claims: no lens model is better than this, and a sharp corner must not outweigh all others. */
const modelErrorPx = 0.03;
/** mrcal's rule: when anything is above 5 sigma, all above 4 are left out. */
const reject = { above: 5, drop: 4 } as const;

/** @throws as {@link Solver.solveBundle}. */
export async function solveJoint(
  solver: Solver,
  problem: JointProblem,
  signal: AbortSignal | undefined,
): Promise<JointSolution> {
  const { input, state, boards, models, noiseSigmaPx, covariance } = problem;
  const taken = problem.views.filter((index) => problem.T_rig_board[index] != null);
  const cameras = [state.far, ...state.near].map(({ intrinsics, T_camera_rig }, camera) => {
    const free = freeIntrinsics(models[camera] as LensModel);
    return {
      // A term that the model does not have is none, whatever an earlier solve made of it.
      intrinsics: intrinsics.map((value, k) => (free[k] ? value : 0)),
      freeIntrinsics: free,
      pose: poseVector(T_camera_rig),
      freePose: camera > 0,
    };
  });
  const solution = await solver.solveBundle(
    {
      cameras,
      boards: boards.map(bundleBoard),
      views: taken.map((index) => bundleView(problem, index)),
      priors: pairPriors(input, state, models),
      noiseSigmaPx,
    },
    { robustSigmas, reject, covariance, ...(signal && { signal }) },
  );
  return jointSolution(problem, taken, solution);
}

function bundleBoard({ cornersMm, errorMm }: JointBoard): BundleBoard {
  return {
    cornersMm: Float64Array.from(cornersMm.flat()),
    warp: errorMm > 0 ? { startMm: [0, 0], free: true } : null,
    shapeSigmaMm: errorMm > 0 ? errorMm : null,
  };
}

function bundleView({ input, T_rig_board }: JointProblem, index: number): BundleView {
  const { boardId, stop, near, far } = input.views[index] as PairInput["views"][number];
  const observation = (camera: number, seen: SeenBoard): BundleObservation => ({
    camera,
    ids: seen.ids,
    pointsPx: seen.pointsPx,
    ...(seen.sigmaPx && { sigmaPx: seen.sigmaPx.map((sigma) => Math.hypot(sigma, modelErrorPx)) }),
  });
  return {
    board: input.boards.findIndex(({ id }) => id === boardId),
    pose: poseVector(T_rig_board[index] as Rigid),
    freePose: true,
    observations: [...(near ? [observation(stop + 1, near)] : []), ...(far ? [observation(0, far)] : [])],
  };
}

function jointSolution(
  { input, boards, T_rig_board }: JointProblem,
  taken: readonly number[],
  solution: BundleSolution,
): JointSolution {
  const placed = solution.cameras.map(({ intrinsics, pose }) => ({
    intrinsics: Array.from(intrinsics) as unknown as Intrinsics,
    T_camera_rig: rigidOfPose(pose),
  }));
  const [far, ...near] = placed;
  const poses = [...T_rig_board];
  const sightings = new Map<number, ViewResiduals>();
  for (const [at, index] of taken.entries()) {
    const { pose, observations } = solution.views[at] as BundleSolution["views"][number];
    poses[index] = rigidOfPose(pose);
    const view = input.views[index] as PairInput["views"][number];
    const rest = [...observations];
    sightings.set(index, {
      near: view.near ? (rest.shift() ?? null) : null,
      far: view.far ? (rest.shift() ?? null) : null,
    });
  }
  return {
    state: { far: far as PairState["far"], near },
    T_rig_board: poses,
    boards: boards.map((board, i) =>
      solvedBoard(board, solution.boards[i] as BundleSolution["boards"][number]),
    ),
    sightings,
    covariance: cameraCovariance(solution.covariance),
    noiseSigmaPx: solution.noiseSigmaPx,
  };
}

function solvedBoard(
  { cornersMm }: JointBoard,
  { warpMm, shapeMm }: BundleSolution["boards"][number],
): JointSolution["boards"][number] {
  const shape = shapeMm && cornersMm.map((_, id) => vectorAt(shapeMm, id));
  return { cornersMm: foundCorners(cornersMm, warpMm, shape), warpMm };
}

/** The part of the covariance that is about cameras. */
function cameraCovariance({ parameters, values }: BundleSolution["covariance"]): PairCovariance {
  const kept = parameters.flatMap((parameter, i) => ("camera" in parameter ? [i] : []));
  const size = parameters.length;
  return {
    parameters: kept.map((i) => parameters[i] as CameraParameter),
    values: Float64Array.from(kept.flatMap((i) => kept.map((j) => values[i * size + j] as number))),
  };
}
