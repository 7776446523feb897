import { WorldError } from "../../base/errors.js";
import type { Triple } from "../../color/lab.js";
import type { ChartSighting } from "../../schema/calibration-color.js";

/** Share of a patch's px that may be clipped before the patch is left out. */
const mostClipped = 0.02;
/** Fewer cannot tell a map from its noise. */
const leastPatches = 16;

/** Places of the patches that are seen and not clipped, ascending. */
export function usablePatches({ patches }: Pick<ChartSighting, "patches">): number[] {
  return patches.flatMap(({ pixels, clippedShare }, patch) =>
    pixels > 0 && clippedShare <= mostClipped ? [patch] : [],
  );
}

/** @throws WorldError CALIBRATION_REFUSED when too few patches are left. */
export function requireEnough(usable: readonly number[], whose: string): void {
  if (usable.length >= leastPatches) return;
  throw new WorldError(
    "CALIBRATION_REFUSED",
    `Only ${usable.length} of the 24 patches of ${whose} are neither clipped nor outside of the image.`,
    { advice: "Show the whole chart and expose it so that its white patch stays below 90 % of the range." },
  );
}

/** Mean signals, stray light taken off. */
export function cleanColors({ patches }: Pick<ChartSighting, "patches">, glare: Triple): Triple[] {
  return patches.map(({ mean: [r, g, b] }) => [r - glare[0], g - glare[1], b - glare[2]]);
}

export function pick<T>(all: readonly T[], places: readonly number[]): T[] {
  return places.map((place) => all[place] as T);
}
