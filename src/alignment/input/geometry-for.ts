/** The stop of a pair's calibration that frames are aligned by. */
import { NearfarError } from "../../base/errors.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { Chosen } from "./choose-calibrations.js";
import type { Taken } from "./reference-choice.js";
import { requireSize } from "./require-fit.js";
import { stopNear } from "./stop-near.js";

export type ChosenStop = Chosen<PairCalibration> & { readonly stopIndex: number };

/**
 * Null when there is no calibration, or none of this stop and a reference pair stands in.
 * @throws WorldError ALIGN_NO_STOP, ALIGN_SIZE.
 */
export function geometryFor(
  pair: Chosen<PairCalibration> | null,
  sizes: Taken["sizes"],
  distanceMm: number,
  toleranceMm: number,
  hasReference: boolean,
): ChosenStop | null {
  if (pair === null) return null;
  try {
    const stopIndex = stopNear(pair.record, distanceMm, toleranceMm);
    for (const arm of ["near", "far"] as const) requireSize(pair.record, stopIndex, arm, sizes[arm]);
    return { ...pair, stopIndex };
  } catch (error) {
    if (hasReference && error instanceof NearfarError && error.code === "ALIGN_NO_STOP") return null;
    throw error;
  }
}
