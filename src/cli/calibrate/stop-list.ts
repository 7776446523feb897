import { InvalidArgumentError } from "commander";
import { CallerError } from "../../base/errors.js";
import type { RigConfig } from "../../schema/rig-config.js";

/** Stops of the rail where nothing else is asked for, mm. */
export const usualStopsMm: readonly number[] = [250, 450, 900, 1370];

/** Parses `250,450,900`. */
export function stopList(text: string): number[] {
  const stops = text.split(",").map(Number);
  if (stops.every((stop) => stop > 0 && Number.isFinite(stop)) && new Set(stops).size === stops.length)
    return stops;
  throw new InvalidArgumentError("must be different distances in mm with commas between, e.g. 250,450,900");
}

/**
 * The stops asked for, else those of the usual ones that the rail reaches.
 * @throws CallerError USAGE for stops beyond the rail's travel, or when it reaches no usual one.
 */
export function stopsOnRail({ rail }: RigConfig, asked?: readonly number[]): readonly number[] {
  const { minMm, maxMm } = rail;
  const isBeyond = (stop: number): boolean => stop < minMm || stop > maxMm;
  const stops = asked ?? usualStopsMm.filter((stop) => !isBeyond(stop));
  const beyond = stops.filter(isBeyond);
  if (beyond.length === 0 && stops.length > 0) return stops;
  const unreached = beyond.length > 0 ? beyond : usualStopsMm;
  throw new CallerError("USAGE", `The rail does not reach ${unreached.join(", ")} mm.`, {
    advice: `Give --stops from ${minMm} to ${maxMm} mm, the rail's travel in the rig config.`,
  });
}
