/** Least squares over cameras, boards and poses (bundle adjustment), solved by Ceres in native/vision. */
import { CallerError, WorldError } from "../base/errors.js";
import { answered, loadVisionAddon, type NativeJob } from "./vision-addon.js";

/** One camera at one state of its lens and place: a zoom at five stops is five of them. */
export interface BundleCamera {
  /** fx fy cx cy (px) k1 k2 p1 p2 k3: pinhole with Brown's terms in OpenCV's order. */
  readonly intrinsics: ArrayLike<number>;
  /** Which of the nine are solved for. */
  readonly freeIntrinsics: readonly boolean[];
  /** T_camera_world: rotation vector (rad), translation (mm). */
  readonly pose: ArrayLike<number>;
  readonly freePose: boolean;
}

export interface BundleBoard {
  /** [id][x, y, z] flat, mm in the board's frame. */
  readonly cornersMm: Float64Array;
  /**
   * z += a(1 - x²) + b(1 - y²) with x and y scaled to -1 … 1 over the corners: mm at start, and whether it is
   * solved for; null: rigid.
   */
  readonly warp: { readonly startMm: readonly [number, number]; readonly free: boolean } | null;
  /**
   * Each corner may lie beside its nominal place by this much (standard deviation along each axis): all of them are
   * then solved for, as printed boards need it. Null: the places are exact.
   */
  readonly shapeSigmaMm: number | null;
}

/** The corners of a view's board as one camera saw them. */
export interface BundleObservation {
  /** Each camera once in a view. */
  readonly camera: number;
  /** Each corner once. */
  readonly ids: Int32Array;
  /** [x, y] flat, px. */
  readonly pointsPx: Float64Array;
  /**
   * Relative weights: standard deviation of each corner's coordinates, px; all alike when absent. What counts is the
   * ratio to √(1 / mean(1 / sigma²)) of all corners of the problem that have one.
   */
  readonly sigmaPx?: Float64Array;
}

/** A board at one place, seen by any number of cameras at once. */
export interface BundleView {
  readonly board: number;
  /** T_world_board: rotation vector (rad), translation (mm). */
  readonly pose: ArrayLike<number>;
  readonly freePose: boolean;
  readonly observations: readonly BundleObservation[];
}

/**
 * Parameters of a camera by number: 0 to 8 its intrinsics, 9 to 11 its rotation vector, 12 to 14 its translation.
 * Priors on the rotation vector take its numbers as they are: they hold for turns well below π, where the vector does
 * not jump to the other side.
 */
export type BundlePrior =
  /** The parameter is `value` ± `sigma`. */
  | {
      readonly kind: "value";
      readonly camera: number;
      readonly parameter: number;
      readonly value: number;
      readonly sigma: number;
    }
  /** The parameter is the same in both cameras, ± `sigma`. */
  | {
      readonly kind: "same";
      readonly cameras: readonly [number, number];
      readonly parameter: number;
      readonly sigma: number;
    }
  /** fx / fy is 1 ± `sigma`. */
  | { readonly kind: "square-pixels"; readonly camera: number; readonly sigma: number }
  /**
   * The entrance pupils lie on one straight line, each ± `sigma` mm sideways. Any line: of two pupils it says nothing,
   * of more as much as the least squares over all lines leave unexplained.
   */
  | { readonly kind: "rail"; readonly cameras: readonly number[]; readonly sigma: number };

export interface BundleProblem {
  readonly cameras: readonly BundleCamera[];
  readonly boards: readonly BundleBoard[];
  readonly views: readonly BundleView[];
  readonly priors: readonly BundlePrior[];
  /**
   * Of one coordinate of a corner, 1e-12 to 1000 px; residuals are weighed against the priors (and shapes) by it, and
   * the loss flattens by it. Solve again with the one that was found where they differ much.
   */
  readonly noiseSigmaPx: number;
}

export interface BundleOptions {
  /** Cauchy's loss from this many standard deviations on; null: plain squares. */
  readonly robustSigmas: number | null;
  /**
   * Hard rejection (mrcal's): while a coordinate of a corner is off by more than `above`, all that are off by more
   * than `drop` are left out and it is solved again; in standard deviations of the residuals. Null: none.
   */
  readonly reject: { readonly above: number; readonly drop: number } | null;
  /** False leaves `covariance` empty and saves its time. */
  readonly covariance: boolean;
  readonly signal?: AbortSignal;
}

export interface BundleSolution {
  readonly cameras: readonly { readonly intrinsics: Float64Array; readonly pose: Float64Array }[];
  readonly boards: readonly {
    readonly warpMm: readonly [number, number] | null;
    /** [id][x, y, z] flat: from nominal, the warp left out; null where places are exact. */
    readonly shapeMm: Float64Array | null;
  }[];
  readonly views: readonly {
    readonly pose: Float64Array;
    /** Alongside the view's observations. */
    readonly observations: readonly {
      /** Projected minus seen, [x, y] flat, px; of outliers too. */
      readonly residualsPx: Float64Array;
      /** 1 for corners that were left out. */
      readonly outliers: Uint8Array;
    }[];
  }[];
  /** Over the corners that were kept. */
  readonly rmsPointPx: number;
  /**
   * √(Σ residual² / (coordinates + priors - free parameters)), px. With Cauchy's loss Huber's robust counterpart, by
   * which the covariance is right: above the noise itself by the loss' inefficiency, 1 % with 3 standard deviations.
   */
  readonly noiseSigmaPx: number;
  readonly iterations: number;
  readonly seconds: number;
  /**
   * Of all free parameters of cameras (camera by camera, in the order of their numbers) and then of warps, with the
   * poses of the views and the places of corners marginalised, scaled by `noiseSigmaPx` as found; priors count with
   * their own sigmas, whatever the noise. Row-major.
   */
  readonly covariance: {
    /** `camera`: index, parameter 0 to 14; `board`: index, parameter 0 or 1. */
    readonly parameters: readonly (
      | { readonly camera: number; readonly parameter: number }
      | { readonly board: number; readonly parameter: number }
    )[];
    readonly values: Float64Array;
  };
}

/** Where projection uncertainty is asked for. */
export interface UncertaintyRequest {
  readonly camera: number;
  /** From the camera, along its axis. */
  readonly distanceMm: number;
  /** Pixels, [x, y] flat. */
  readonly pixels: Float64Array;
}

export interface Solver {
  /**
   * @throws CallerError USAGE for indices, sizes or numbers that make no sense, naming the member; WorldError
   * CALIBRATION_FAILED when the solve breaks down or does not come to rest in 200 iterations, corners are rejected for
   * more than 20 rounds or until none is left, a board starts behind its camera, or the observations do not determine
   * a parameter (which is looked at with `covariance` only) or the pose of a view: that takes four corners or none.
   */
  solveBundle(problem: BundleProblem, options: BundleOptions): Promise<BundleSolution>;
  /**
   * One-sigma uncertainty (root of the larger eigenvalue of the 2 × 2 covariance), px, of the projection of points
   * that are fixed in the world of the boards: what intrinsics and poses do together (mrcal's mean-pcam method).
   * `problem` with the solution's numbers in it, its noise too, and without outliers; NaN where a pixel has no ray.
   */
  projectionUncertainty(
    problem: BundleProblem,
    request: UncertaintyRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Float64Array>;
  /** Ends what is under way (it rejects with CLOSED) and then the threads. May be called twice. */
  close(): Promise<void>;
}

/** The problem as the native side reads it: typed arrays, members as in {@link BundleProblem}. */
interface NativeSolver {
  solveBundle(problem: object, options: object): NativeJob<BundleSolution>;
  projectionUncertainty(problem: object, request: UncertaintyRequest): NativeJob<Float64Array>;
  close(): Promise<void>;
}

/**
 * @param options.threads solves at a time, each on one thread; as many as the machine has cores when left out.
 * @throws WorldError BACKEND_MISSING when the addon is not built or a library of it is not installed.
 */
export function createSolver(options: { readonly threads?: number } = {}): Solver {
  const native = loadVisionAddon<unknown, NativeSolver>().createSolver(options.threads ?? 0);
  return {
    solveBundle: (problem, { signal, ...rest }) =>
      answered(() => native.solveBundle(nativeProblem(problem), rest), signal, asNearfarError),
    projectionUncertainty: (problem, request, { signal } = {}) =>
      answered(() => native.projectionUncertainty(nativeProblem(problem), request), signal, asNearfarError),
    close: () => native.close(),
  };
}

function nativeProblem(problem: BundleProblem): object {
  return {
    ...problem,
    cameras: problem.cameras.map((camera) => ({
      ...camera,
      intrinsics: Float64Array.from(camera.intrinsics),
      freeIntrinsics: Uint8Array.from(camera.freeIntrinsics, Number),
      pose: Float64Array.from(camera.pose),
    })),
    boards: problem.boards.map(({ warp, ...board }) => ({
      ...board,
      warp: warp === null ? null : { startMm: Float64Array.from(warp.startMm), free: warp.free },
    })),
    views: problem.views.map((view) => ({ ...view, pose: Float64Array.from(view.pose) })),
    priors: problem.priors.map((prior) =>
      "cameras" in prior ? { ...prior, cameras: Int32Array.from(prior.cameras) } : prior,
    ),
  };
}

/** What the native side says; other errors are passed on. */
function asNearfarError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === "USAGE" || error instanceof TypeError) {
    return new CallerError("USAGE", error.message, {
      advice: "Put together the problem as src/native/solver.ts describes it.",
      cause: error,
    });
  }
  if (code === "CALIBRATION_FAILED") {
    return new WorldError("CALIBRATION_FAILED", error.message, {
      advice: "Add views at other angles and distances, or solve for fewer parameters.",
      cause: error,
    });
  }
  if (code !== "CLOSED" && code !== "CANCELLED") return error;
  return new CallerError("CLOSED", "the solver is closed", {
    advice: "Close it only after the last solve.",
    cause: error,
  });
}
