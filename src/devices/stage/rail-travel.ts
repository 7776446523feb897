import { CallerError } from "../../base/errors.js";

/** Ends of the rail: near entrance pupil to eye plane. */
export interface RailTravel {
  readonly minMm: number;
  readonly maxMm: number;
}

/** @throws CallerError STAGE_REFUSED when the rail does not reach `distanceMm`. */
export function checkTravel(distanceMm: number, travel: RailTravel): void {
  if (distanceMm >= travel.minMm && distanceMm <= travel.maxMm) return;
  throw new CallerError(
    "STAGE_REFUSED",
    `The rail does not reach ${distanceMm} mm (travel ${travel.minMm} to ${travel.maxMm} mm).`,
    { advice: "Change the distance in the plan, or `rail` in the rig config if the rail is longer." },
  );
}
