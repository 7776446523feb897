/** Which stop of a calibration a shot was taken at. */
import { WorldError } from "../../base/errors.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";

type Stops = Pick<PairCalibration, "calibrationId" | "stops" | "unsolvedStops">;

/**
 * Index of the calibrated stop nearest to a distance, the first of equals.
 * @throws WorldError ALIGN_NO_STOP when none lies within the tolerance, telling whether one was tried there.
 */
export function stopNear(record: Stops, distanceMm: number, toleranceMm: number): number {
  const away = record.stops.map((stop) => Math.abs(stop.distanceMm - distanceMm));
  const nearest = away.indexOf(Math.min(...away));
  if ((away[nearest] ?? Number.POSITIVE_INFINITY) <= toleranceMm) return nearest;
  throw new WorldError("ALIGN_NO_STOP", problemOf(record, distanceMm, toleranceMm), {
    advice:
      "Calibrate this stop (`nearfar calibrate geometry --stops`), name another calibration with --calibration, or a still pair of this stop with --reference.",
  });
}

function problemOf(
  { calibrationId, stops, unsolvedStops }: Stops,
  distanceMm: number,
  toleranceMm: number,
): string {
  const tried = unsolvedStops.find((stop) => Math.abs(stop.distanceMm - distanceMm) <= toleranceMm);
  if (tried !== undefined) {
    return `Stop ${tried.distanceMm} mm of ${calibrationId} had too few views of boards to be solved.`;
  }
  const solved = [...new Set(stops.map((stop) => stop.distanceMm))].join(", ");
  return `${calibrationId} has no stop within ${toleranceMm} mm of ${distanceMm} mm, only ${solved} mm.`;
}
