/** Whether the pair still stands as it was calibrated, from one or a few shots of a board. */
import { WorldError } from "../../../base/errors.js";
import { compose, invert, rigidOfPose } from "../../../geometry/rigid.js";
import type { Measured, ReadOuts } from "../../../schema/calibration-geometry.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { gradientsOf, outputSigma } from "../../../stats/propagated-covariance.js";
import { gate } from "../../record/gate.js";
import { adviceFor } from "../pair/advice.js";
import { canonicalOfPair, canonicalPxPerMm } from "../pair/canonical-of.js";
import { ears, earsInFar, earsInNear } from "../pair/ears.js";
import { aimErrorOf, alignmentOf, type PairAtStop, pxPerMmAt } from "../pair/pair-geometry.js";
import {
  type CalibratedStop,
  type CheckedPair,
  calibratedStop,
  cornersOf,
  type JointSighting,
} from "./calibrated-stop.js";
import { type NearDrift, type NearRefit, refitNear } from "./refit-near.js";
import { flowErrors, shiftOf, summaryOf } from "./seen-flow.js";

export interface PairCheck {
  readonly distanceMm: number;
  readonly drift: NearDrift;
  /** How far near moved against far in the pictures, canonical px: mean over the boards' corners, with sigma. */
  readonly shiftPx: { readonly x: Measured; readonly y: Measured };
  /** Flow error of the record as it is, and with the near camera where it was found now; per point, canonical px. */
  readonly flowRmsPx: { readonly recorded: number; readonly refitted: number };
  /** As the near camera stands now; sigmas hold the calibration's and the check's own. */
  readonly readOuts: ReadOuts;
  readonly gates: readonly Gate[];
}

const steps = [1e-6, 1e-6, 1e-6, 1e-3, 1e-3, 1e-3];

/**
 * @throws CallerError USAGE at a stop that was not calibrated; WorldError CALIBRATION_FAILED without a board that both
 * arms saw.
 */
export function checkPair(
  record: CheckedPair,
  distanceMm: number,
  sightings: readonly JointSighting[],
): PairCheck {
  const stop = calibratedStop(record, distanceMm);
  const refit = refitNear(record, stop, sightings);
  const recorded = summaryOf(flowsOf(record, stop, sightings));
  if (refit === null || recorded === null) throw nothingSeen();
  const pair = { ...stop.pair, near: refit.near };
  const refitted = summaryOf(flowsOf(record, { ...stop, pair, canonical: canonicalOfPair(pair) }, sightings));
  return {
    distanceMm: stop.distanceMm,
    drift: refit.drift,
    shiftPx: shiftOf(stop, recorded),
    flowRmsPx: { recorded: recorded.rmsPx, refitted: refitted?.rmsPx ?? Number.NaN },
    readOuts: readOutsNow(record, stop, refit),
    gates: [shiftGate(Math.hypot(...recorded.meanPx), stop.distanceMm)],
  };
}

function flowsOf(
  record: CheckedPair,
  stop: CalibratedStop,
  sightings: readonly JointSighting[],
): ReturnType<typeof flowErrors> {
  return sightings.flatMap(({ board, near, far }) => flowErrors(stop, near, far, cornersOf(record, board)));
}

/** The calibration's read-outs with the near camera moved to where it was found. */
function readOutsNow(record: CheckedPair, stop: CalibratedStop, refit: NearRefit): ReadOuts {
  const before = stop.readOuts;
  const inFar = earsInFar(stop.pair);
  const pairAt = (move: readonly number[]): PairAtStop => ({
    ...stop.pair,
    near: {
      intrinsics: refit.near.intrinsics,
      T_camera_rig: compose(invert(rigidOfPose(move)), refit.near.T_camera_rig),
    },
  });
  const evaluate = (move: readonly number[]): number[] => {
    const pair = pairAt(move);
    return [...alignmentOf(pair), ...earsInNear(pair, inFar)];
  };
  const still = [0, 0, 0, 0, 0, 0];
  const gradients = gradientsOf(evaluate, still, steps);
  const values = evaluate(still);
  const sigma = (k: number): number => outputSigma(gradients, refit.covariance, k);
  const now = (k: number, { sigma: known }: Measured): Measured => ({
    value: values[k] as number,
    sigma: Math.hypot(known, sigma(k)),
  });
  const pair = pairAt(still);
  const toCanonical = canonicalPxPerMm / pxPerMmAt(pair.near, pair.eyePlane);
  const first = values.length - 2 * ears.length;
  const earSigmas = ears.map((_, ear) => Math.hypot(sigma(first + 2 * ear), sigma(first + 2 * ear + 1)));
  const nearSizePx = (record.stops[stop.index] as CheckedPair["stops"][number]).near.imageSizePx;
  const numbers = {
    lateralOffsetMm: { x: now(0, before.lateralOffsetMm.x), y: now(1, before.lateralOffsetMm.y) },
    pitchMdeg: now(2, before.pitchMdeg),
    yawMdeg: now(3, before.yawMdeg),
    rollMdeg: now(4, before.rollMdeg),
    aimErrorPx: aimErrorOf(pair, nearSizePx),
    pupilSeparationMm: now(5, before.pupilSeparationMm),
    nearDistanceMm: now(6, before.nearDistanceMm),
    farDistanceMm: now(7, before.farDistanceMm),
    magnificationRatio: now(8, before.magnificationRatio),
    earFlowSigmaPx: Math.hypot(before.earFlowSigmaPx, Math.max(...earSigmas) * toCanonical),
    overlayRmsPx: null,
  };
  const context = { stopMm: stop.distanceMm, nearFocalPx: pair.near.intrinsics[0], nearSizePx };
  return { ...numbers, advice: adviceFor(numbers, context) };
}

function shiftGate(px: number, distanceMm: number): Gate {
  return gate({
    id: `shift-${Math.round(distanceMm)}`,
    title: `Move of near against far at ${distanceMm} mm since the calibration`,
    value: px,
    unit: "px",
    warn: 0.3,
    fail: 1,
    advice: "Plate, rail or a camera moved: find what is loose, then calibrate the pair anew.",
  });
}

function nothingSeen(): WorldError {
  return new WorldError("CALIBRATION_FAILED", "No board was seen well enough by both cameras.", {
    advice: "Hold a calibration board in the middle of both pictures, where the face will be.",
  });
}
