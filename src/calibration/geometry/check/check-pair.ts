/** Whether the pair still stands as it was calibrated, from one or a few shots of a board. */
import { WorldError } from "../../../base/errors.js";
import { compose, invert, rigidOfPose } from "../../../geometry/rigid.js";
import type { Measured, ReadOuts } from "../../../schema/calibration-geometry.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { propagate } from "../../../stats/propagated-covariance.js";
import { gate } from "../../record/gate.js";
import { canonicalOfPair } from "../pair/canonical-of.js";
import { earsInFar } from "../pair/ears.js";
import type { PairAtStop } from "../pair/pair-geometry.js";
import { errorsOf, readOutNumbers, readOutsFrom } from "../pair/read-outs.js";
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
  const inFar = earsInFar(stop.pair);
  const pairAt = (move: readonly number[]): PairAtStop => ({
    ...stop.pair,
    near: {
      intrinsics: refit.near.intrinsics,
      T_camera_rig: compose(invert(rigidOfPose(move)), refit.near.T_camera_rig),
    },
  });
  const still = [0, 0, 0, 0, 0, 0];
  const evaluate = (move: readonly number[]): number[] => readOutNumbers(pairAt(move), inFar);
  const numbers = propagate(evaluate, still, refit.covariance, steps);
  return readOutsFrom(numbers, errorsOf(stop.readOuts), {
    pair: pairAt(still),
    stopMm: stop.distanceMm,
    nearSizePx: (record.stops[stop.index] as CheckedPair["stops"][number]).near.imageSizePx,
    overlayRmsPx: null,
  });
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
