/** A session's correction of a color calibration by one gray: gains and no more, because a gray tells nothing else. */
import { CallerError } from "../../base/errors.js";
import { mapColor } from "../../color/color-map.js";
import { expansions } from "../../color/expansion.js";
import type { Triple } from "../../color/lab.js";
import type { ColorCalibration, ColorFit } from "../../schema/calibration-color.js";

/** A map without its errors. */
export interface PlainMap {
  readonly method: ColorFit["method"];
  readonly rows: readonly (readonly number[])[];
}

/**
 * The map for a camera whose every color is now `gains` times what it was.
 * @param gains above 0, of each channel.
 */
export function forGains({ method, rows }: PlainMap, gains: Triple): PlainMap {
  // Terms are products of powers of the channels, so the gains' own terms are theirs.
  const factors = expansions[method](gains);
  return { method, rows: rows.map((row) => row.map((weight, term) => weight / (factors[term] as number))) };
}

/**
 * The near-to-far maps of a calibration with the three gains by which a gray, seen by both arms in the session's light,
 * is the same in both again.
 * @param gray signals of the same gray, glare and dark offset taken off, share of the range.
 * @throws CallerError USAGE when the calibration is not one of a pair.
 */
export function refitNearToFar(
  previous: ColorCalibration,
  gray: { readonly near: Triple; readonly far: Triple },
): { readonly gains: Triple; readonly nearToFar: readonly PlainMap[] } {
  const [first] = previous.nearToFar ?? [];
  if (first === undefined) {
    throw new CallerError("USAGE", `${previous.calibrationId} has no map from the near to the far camera.`, {
      advice: "Name a color calibration that was made on a rig, with both arms.",
    });
  }
  const mapped = mapColor(first, gray.near);
  const gains: Triple = [gray.far[0] / mapped[0], gray.far[1] / mapped[1], gray.far[2] / mapped[2]];
  const nearToFar = (previous.nearToFar ?? []).map(({ method, rows }) => ({
    method,
    rows: rows.map((row, channel) => row.map((weight) => weight * (gains[channel] as number))),
  }));
  return { gains, nearToFar };
}
