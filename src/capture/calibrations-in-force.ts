/** Which of a store's calibrations hold for a rig's cameras at a time. */
import type { CalibrationEntry, CameraSerials, Dataset } from "../dataset/dataset.js";
import type { CalibrationKind } from "../schema/calibration-header.js";

/** The kinds that pairs are made with. */
const kindsForCapture = ["sync", "pair", "color", "light"] as const satisfies readonly CalibrationKind[];

export interface CalibrationsInForce {
  /** The newest of each kind that did not fail and has not expired. */
  readonly valid: readonly CalibrationEntry[];
  /** The newest of a kind that did not fail, but has expired. */
  readonly expired: readonly CalibrationEntry[];
  /** Kinds of which these cameras have none that did not fail. */
  readonly missing: readonly CalibrationKind[];
}

/** @param at UTC with ms. */
export async function calibrationsInForce(
  dataset: Pick<Dataset, "latestCalibration" | "calibrations">,
  serials: CameraSerials,
  at: string,
): Promise<CalibrationsInForce> {
  const latest = await Promise.all(
    kindsForCapture.map(async (kind) => {
      const newest = await dataset.latestCalibration(kind, serials);
      if (kind !== "color" || newest === null || !hasExpired(newest, at)) return newest;
      // Of colors only a session's refit expires; the calibration that it corrected still holds.
      const all = await dataset.calibrations({ kind, serials });
      return all.find((entry) => entry.verdict !== "FAIL" && !hasExpired(entry, at)) ?? newest;
    }),
  );
  const found = latest.filter((entry) => entry !== null);
  return {
    valid: found.filter((entry) => !hasExpired(entry, at)),
    expired: found.filter((entry) => hasExpired(entry, at)),
    missing: kindsForCapture.filter((_kind, index) => latest[index] === null),
  };
}

/** True from the time on at which it should be made anew. Both are UTC with ms, which sort as text. */
export function hasExpired({ expiresAt }: Pick<CalibrationEntry, "expiresAt">, at: string): boolean {
  return expiresAt !== null && expiresAt <= at;
}
