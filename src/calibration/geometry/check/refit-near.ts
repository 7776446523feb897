/** Where the near camera stands now, its lens and the far camera being as they were calibrated. */
import { compose, invert, poseVector, type Rigid, rigidOfPose } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { Measured } from "../../../schema/calibration-geometry.js";
import { type LeastSquaresFit, leastSquares } from "../../../stats/least-squares.js";
import { sigmaAt } from "../../../stats/propagated-covariance.js";
import { boardResiduals, type PlacedCamera, poseFromOneView, poseSteps } from "../pair/board-pose.js";
import { mdegOfRad } from "../pair/pair-geometry.js";
import { type CalibratedStop, type CheckedPair, cornersOf, type JointSighting } from "./calibrated-stop.js";

/** Change of the near camera since the calibration, in its own frame as calibrated. */
export interface NearDrift {
  /** x right, y down, z forward. */
  readonly moveMm: readonly [Measured, Measured, Measured];
  /** Pitch (positive: looks up), yaw (right), roll (clockwise). */
  readonly turnMdeg: readonly [Measured, Measured, Measured];
}

export interface NearRefit {
  readonly near: PlacedCamera;
  readonly drift: NearDrift;
  /** Of the six numbers of the move (rotation vector rad, then mm), row-major. */
  readonly covariance: readonly number[];
  /** Of a corner, after the refit, px per point. */
  readonly rmsPx: number;
}

/**
 * What a carriage does between sessions, one standard deviation. One board at one depth cannot tell a small turn from a
 * small move sideways; without this the two would run away together.
 */
const usualTurnRad = 2e-3;
const usualMoveMm = 1;

/** Beyond this many standard deviations a corner is wrong rather than noisy, and counts less (Cauchy). */
const lossSigmas = 4;

/**
 * Sightings whose corners do not tell the board's pose are left out.
 * @returns null when the others do not determine it.
 */
export function refitNear(
  record: CheckedPair,
  stop: CalibratedStop,
  sightings: readonly JointSighting[],
): NearRefit | null {
  const boards = sightings.flatMap((sighting) => {
    const cornersMm = cornersOf(record, sighting.board);
    const start = poseFromOneView({ camera: stop.pair.far, seen: sighting.far }, cornersMm);
    return start === null ? [] : [{ ...sighting, cornersMm, start }];
  });
  if (boards.length === 0) return null;
  const residualsOf = (numbers: readonly number[]): Float64Array => {
    const camera = movedNear(stop, numbers.slice(0, 6));
    const parts = boards.map((board, i) =>
      weighted(stop, board, board.cornersMm, camera, rigidOfPose(numbers.slice(6 * (i + 1), 6 * (i + 2)))),
    );
    return joined([...parts, priors(numbers)]);
  };
  const still = [0, 0, 0, 0, 0, 0, ...boards.flatMap(({ start }) => [...poseVector(start)])];
  const steps = still.map((_, i) => poseSteps[i % 6] as number);
  // A camera that was moved by millimetres looks like nothing but outliers until it has been followed.
  const followed = leastSquares(residualsOf, still, { steps });
  const fit = followed && leastSquares(residualsOf, followed.values, { steps, lossScale: lossSigmas });
  return fit && refitOf(stop, boards, fit);
}

/** @param move of the near camera in its own frame as calibrated: rotation vector (rad), translation (mm). */
function movedNear({ pair: { near } }: CalibratedStop, move: readonly number[]): PlacedCamera {
  return {
    intrinsics: near.intrinsics,
    T_camera_rig: compose(invert(rigidOfPose(move)), near.T_camera_rig),
  };
}

function refitOf(
  stop: CalibratedStop,
  boards: readonly JointSighting[],
  { values, inverse, residuals }: LeastSquaresFit,
): NearRefit {
  const covariance = Array.from({ length: 36 }, (_, at) => {
    return inverse[Math.floor(at / 6) * values.length + (at % 6)] as number;
  });
  const measured = (k: number, scale: number): Measured => ({
    value: (values[k] as number) * scale,
    sigma: sigmaAt(covariance, 6, k) * scale,
  });
  const px = unweighted(stop, residuals, boards);
  return {
    near: movedNear(stop, values.slice(0, 6)),
    drift: {
      moveMm: [measured(3, 1), measured(4, 1), measured(5, 1)],
      turnMdeg: [measured(0, mdegOfRad), measured(1, mdegOfRad), measured(2, mdegOfRad)],
    },
    covariance,
    rmsPx: Math.sqrt((2 * px.reduce((sum, each) => sum + each * each, 0)) / px.length),
  };
}

/** Residuals of both arms in standard deviations. */
function weighted(
  { pair, noiseSigmaPx }: CalibratedStop,
  { near, far }: JointSighting,
  cornersMm: readonly Vector3[],
  camera: PlacedCamera,
  T_rig_board: Rigid,
): Float64Array {
  const inNear = boardResiduals([{ camera, seen: near }], cornersMm, T_rig_board);
  const inFar = boardResiduals([{ camera: pair.far, seen: far }], cornersMm, T_rig_board);
  return joined([
    inNear.map((residual) => residual / noiseSigmaPx.near),
    inFar.map((residual) => residual / noiseSigmaPx.far),
  ]);
}

function priors(numbers: readonly number[]): Float64Array {
  return Float64Array.from(numbers.slice(0, 6), (value, k) => value / (k < 3 ? usualTurnRad : usualMoveMm));
}

/** Back to px, the priors left out. */
function unweighted(
  { noiseSigmaPx }: CalibratedStop,
  residuals: Float64Array,
  boards: readonly JointSighting[],
): Float64Array {
  const sigmas = boards.flatMap(({ near, far }) => [
    ...Array.from({ length: 2 * near.ids.length }, () => noiseSigmaPx.near),
    ...Array.from({ length: 2 * far.ids.length }, () => noiseSigmaPx.far),
  ]);
  return residuals.slice(0, sigmas.length).map((residual, i) => residual * (sigmas[i] as number));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
