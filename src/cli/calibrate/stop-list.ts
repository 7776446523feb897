import { InvalidArgumentError } from "commander";

/** Stops of the rail where nothing else is asked for, mm. */
export const usualStopsMm: readonly number[] = [250, 450, 900, 1370];

/** Parses `250,450,900`. */
export function stopList(text: string): number[] {
  const stops = text.split(",").map(Number);
  if (stops.every((stop) => stop > 0 && Number.isFinite(stop)) && new Set(stops).size === stops.length)
    return stops;
  throw new InvalidArgumentError("must be different distances in mm with commas between, e.g. 250,450,900");
}
