/** One stop of a record, ready to be compared with what the cameras see now. */
import { CallerError } from "../../../base/errors.js";
import type { CanonicalPair } from "../../../geometry/canonical-pair.js";
import { identity } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import { foundCorners } from "../pair/board-shape.js";
import { canonicalOf } from "../pair/canonical-of.js";

import type { PairAtStop } from "../pair/pair-geometry.js";

/** A board that both arms saw in one shot. */
export interface JointSighting {
  readonly board: KnownBoard;
  readonly near: SeenBoard;
  readonly far: SeenBoard;
}

/** The part of a record that checks need. */
export type CheckedPair = Pick<PairCalibration, "far" | "stops" | "eyePlane" | "boards" | "errors">;

export interface CalibratedStop {
  readonly index: number;
  readonly distanceMm: number;
  readonly pair: PairAtStop;
  readonly canonical: CanonicalPair;
  readonly readOuts: PairCalibration["stops"][number]["readOuts"];
  /** Of one coordinate of a corner, as the calibration found it. */
  readonly noiseSigmaPx: { readonly near: number; readonly far: number };
}

/** Stops are matched within this distance. */
const stopToleranceMm = 1;

/**
 * The stop of a record at a distance.
 * @throws CallerError USAGE when it was not calibrated there, naming the stops that were.
 */
export function calibratedStop(record: CheckedPair, distanceMm: number): CalibratedStop {
  const index = record.stops.findIndex((stop) => Math.abs(stop.distanceMm - distanceMm) <= stopToleranceMm);
  const stop = record.stops[index];
  if (stop === undefined) {
    const stops = record.stops.map((each) => each.distanceMm).join(", ");
    throw new CallerError("USAGE", `The pair was not calibrated at ${distanceMm} mm.`, {
      advice: `Move the near camera to one of the stops ${stops} mm, or calibrate this one.`,
    });
  }
  const far = { intrinsics: record.far.intrinsics, T_camera_rig: identity };
  const near = { intrinsics: stop.near.intrinsics, T_camera_rig: stop.T_camera_rig };
  return {
    index,
    distanceMm: stop.distanceMm,
    pair: { near, far, eyePlane: record.eyePlane },
    canonical: canonicalOf(record, index),
    readOuts: stop.readOuts,
    noiseSigmaPx: { near: record.errors.near.noiseSigmaPx, far: record.errors.far.noiseSigmaPx },
  };
}

/** Where a board's corners lie: as the calibration found them if it used this board, else as they should be. */
export function cornersOf({ boards }: CheckedPair, board: KnownBoard): readonly Vector3[] {
  const known = boards.find(({ id }) => id === board.id);
  if (known === undefined) return board.cornersMm;
  return foundCorners(known.cornersMm, known.warpMm, known.shapeMm);
}
