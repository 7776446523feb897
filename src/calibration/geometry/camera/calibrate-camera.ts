/** Calibration of one camera from images of one board. */
import type { Solver } from "../../../native/solver.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { type ExpectedHandedness, requireHandedness } from "../observations/handedness.js";
import type { ImageSighting, KnownBoard } from "../observations/seen-board.js";
import { type CameraBody, cameraBody } from "./camera-body.js";
import { type CameraFacts, cameraFacts } from "./camera-facts.js";
import { cameraGates } from "./camera-gates.js";
import { cameraTrust } from "./camera-trust.js";
import { sortImages } from "./camera-views.js";
import { type CameraModel, plainModel } from "./solve-camera.js";
import { solveViews } from "./solve-views.js";
import { requireAlike } from "./unlike-images.js";

export interface CameraOptions {
  readonly solver: Solver;
  /** Solves for the board's bend instead of only looking at it. */
  readonly warp?: boolean;
  /** Standard deviation of each corner's place on the board, mm; null or absent: places are exact. */
  readonly shapeSigmaMm?: number | null;
  /** Cauchy's loss from this many standard deviations on; null or absent: plain squares with hard rejection. */
  readonly robustSigmas?: number | null;
  /** A distance that uncertainty is asked for, beside that of the boards. */
  readonly distanceMm?: number | null;
  /** `any` when absent. */
  readonly expected?: ExpectedHandedness;
  readonly signal?: AbortSignal | undefined;
}

export interface CalibratedCamera {
  readonly body: CameraBody;
  readonly gates: readonly Gate[];
  readonly facts: CameraFacts;
}

/**
 * OpenCV's five-parameter model of the camera, the board's poses, and what they are worth. The camera is the
 * un-mirrored one whichever way the images lay.
 * @param sightings all images of one camera.
 * @throws CallerError CALIBRATION_REFUSED for too few views, boards all at one angle, images of different sizes or
 *   handedness, or flipped or turned unlike the others; WorldError CALIBRATION_FAILED when the board is nowhere or the
 *   views do not determine the camera.
 */
export async function calibrateCamera(
  sightings: readonly ImageSighting[],
  board: KnownBoard,
  options: CameraOptions,
): Promise<CalibratedCamera> {
  const { solver, signal } = options;
  const solve = {
    warp: options.warp === true,
    shapeSigmaMm: options.shapeSigmaMm ?? null,
    robustSigmas: options.robustSigmas ?? null,
    expected: options.expected ?? "any",
    distanceMm: options.distanceMm ?? null,
  };
  const { expected, distanceMm, shapeSigmaMm, robustSigmas } = solve;
  const mirrored = requireHandedness(sightings, { expected, subject: "the camera" });
  const model: CameraModel = {
    ...plainModel,
    warp: solve.warp ? { startMm: [0, 0], free: true } : null,
    shapeSigmaMm,
    robustSigmas,
  };
  const solved = await solveViews(solver, board, sortImages(sightings, board), model, signal);
  await requireAlike(solver, board, solved, model, mirrored !== null, signal);
  const trust = await cameraTrust(solver, board, solved, model, distanceMm, signal);
  const facts = cameraFacts(solved, trust, { expected, mirrored });
  const body = cameraBody({ sightings, board, solve }, solved, trust, facts);
  return { body, gates: cameraGates(facts), facts };
}
