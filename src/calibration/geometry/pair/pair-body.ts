/** The record of a pair calibration. */
import type { Rigid } from "../../../geometry/rigid.js";
import { subtract, type Vector3 } from "../../../geometry/vector.js";
import type { CalibrationBoard, FitErrors, SolvedCamera } from "../../../schema/calibration-geometry.js";
import { sigmaAt } from "../../../stats/propagated-covariance.js";
import { warped } from "./board-shape.js";
import type { PairBody } from "./calibrate-pair.js";
import type { CheckedInput } from "./check-input.js";
import { differenceMaps, uncertaintyMaps } from "./eye-plane-maps.js";
import { type HeldOutView, heldOutRms } from "./held-out.js";
import type { JointSolution } from "./joint-solve.js";
import { freeIntrinsics, type LensModel } from "./lens-terms.js";
import type { PairInput } from "./pair-input.js";
import { cameraNames, parameterName } from "./pair-state.js";
import { readOutsOf } from "./read-outs.js";
import { recordedViews, unsolvedStops } from "./recorded-views.js";
import { returnErrorMm } from "./return-error.js";
import { solvedPair } from "./solution-of.js";
import type { PairSolves } from "./solve-in-steps.js";
import { UncertainPair } from "./uncertain-pair.js";

interface Parts {
  readonly checked: CheckedInput;
  readonly boardErrorMm: number;
  readonly solves: PairSolves;
  readonly uncertain: UncertainPair;
  readonly heldOut: readonly HeldOutView[];
}

export function pairBody({ checked, boardErrorMm, solves, uncertain, heldOut }: Parts): PairBody {
  const { input } = checked;
  const { final, models, halves, warpsMm } = solves;
  const names = cameraNames(input.stops);
  const readOuts = readOutsOf(uncertain);
  const { pointMm, normal } = uncertain.eyePlane.at(final.state);
  const [even, odd] = halves.map((half) => halfPair(input, half, uncertain)) as [
    UncertainPair,
    UncertainPair,
  ];
  const perStop = <T>(maps: readonly T[]): { distanceMm: number; map: T }[] =>
    maps.map((map, stop) => ({ distanceMm: input.stops[stop]?.distanceMm ?? 0, map }));
  return {
    kind: "pair",
    solve: { boardErrorMm, farDistanceMm: input.farDistanceMm },
    far: solvedCamera(final, 0, models, input),
    stops: input.stops.map(({ distanceMm }, stop) => ({
      distanceMm,
      near: solvedCamera(final, stop + 1, models, input),
      T_camera_rig: rigid((final.state.near[stop] as { T_camera_rig: Rigid }).T_camera_rig),
      readOuts: readOuts[stop] as (typeof readOuts)[number],
    })),
    unsolvedStops: unsolvedStops(checked),
    eyePlane: { pointMm: [...pointMm], normal: [...normal], source: uncertain.eyePlane.source },
    covariance: {
      names: final.covariance.parameters.map((parameter) => parameterName(names, parameter)),
      values: Array.from(final.covariance.values),
    },
    errors: {
      near: fitErrors(final, "near", heldOutRms(heldOut, true)),
      far: fitErrors(final, "far", heldOutRms(heldOut, false)),
    },
    boards: input.boards.map((_, i) => calibrationBoard(input, final, i, warpsMm[i] ?? null)),
    views: recordedViews(checked, final),
    returnErrorMm: returnErrorMm(input.stops, readOuts),
    uncertainty: perStop(uncertaintyMaps(uncertain)),
    crossValidation: perStop(differenceMaps(even, odd)),
  };
}

/** A half's cameras with the eye plane of all boards held there: both halves are compared in the same plane. */
function halfPair(input: PairInput, half: JointSolution, { solved }: UncertainPair): UncertainPair {
  const held = solved.views.filter(({ role }) => role === "eye-plane");
  return new UncertainPair({ ...solvedPair(input, half, solved.exactBoards), views: held });
}

function solvedCamera(
  { state, covariance }: JointSolution,
  camera: number,
  models: readonly LensModel[],
  { imageSizePx }: PairInput,
): SolvedCamera {
  const { intrinsics } = camera === 0 ? state.far : (state.near[camera - 1] as typeof state.far);
  const { parameters, values } = covariance;
  const sigma = intrinsics.map((_, k) => {
    const at = parameters.findIndex((each) => each.camera === camera && each.parameter === k);
    return at < 0 ? 0 : sigmaAt(values, parameters.length, at);
  });
  const [width, height] = imageSizePx[camera === 0 ? "far" : "near"];
  return {
    imageSizePx: [width, height],
    intrinsics: [...intrinsics],
    sigma: sigma as SolvedCamera["sigma"],
    free: freeIntrinsics(models[camera] as LensModel),
  };
}

function fitErrors(
  { sightings, noiseSigmaPx }: JointSolution,
  arm: "near" | "far",
  heldOutRmsPx: number | null,
): FitErrors {
  let [squares, points, outliers, allSquares, allPoints] = [0, 0, 0, 0, 0];
  for (const view of sightings.values()) {
    for (const each of ["near", "far"] as const) {
      const seen = view[each];
      for (let i = 0; seen && i < seen.outliers.length; i++) {
        const square =
          (seen.residualsPx[2 * i] as number) ** 2 + (seen.residualsPx[2 * i + 1] as number) ** 2;
        const out = seen.outliers[i] === 1;
        if (!out) [allSquares, allPoints] = [allSquares + square, allPoints + 1];
        if (each !== arm) continue;
        if (out) outliers++;
        else [squares, points] = [squares + square, points + 1];
      }
    }
  }
  const rmsPointPx = points > 0 ? Math.sqrt(squares / points) : 0;
  // The solve counts degrees of freedom for both arms together; each has its share of the noise.
  const correction = allSquares > 0 ? noiseSigmaPx / Math.sqrt(allSquares / (2 * allPoints)) : 1;
  const rmsCoordinatePx = rmsPointPx / Math.SQRT2;
  const noise = rmsCoordinatePx * correction;
  return { rmsPointPx, rmsCoordinatePx, heldOutRmsPx, noiseSigmaPx: noise, points, outliers };
}

function calibrationBoard(
  { boards }: PairInput,
  final: JointSolution,
  index: number,
  warpMm: readonly [number, number] | null,
): CalibrationBoard {
  const { id, board, cornersMm } = boards[index] as PairInput["boards"][number];
  const found = (final.boards[index] as JointSolution["boards"][number]).cornersMm;
  const bent = warpMm && warped(cornersMm, warpMm);
  return {
    id,
    cornersMm: cornersMm.map((corner) => [...corner]),
    squareMm: board.squareMm,
    warpMm: warpMm && [warpMm[0], warpMm[1]],
    shapeMm: bent && found.map((corner, cornerId) => [...subtract(corner, bent[cornerId] as Vector3)]),
  };
}

function rigid({ rotation, translationMm }: Rigid): PairBody["stops"][number]["T_camera_rig"] {
  return { rotation: [...rotation], translationMm: [...translationMm] };
}
