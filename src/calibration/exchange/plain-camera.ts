/** Cameras and pairs as other programs know them. */
import { CallerError } from "../../base/errors.js";
import type { Intrinsics } from "../../geometry/brown-camera.js";
import { invert, type Rigid } from "../../geometry/rigid.js";
import type { Calibration } from "../../schema/calibration.js";
import type { FitErrors, PairCalibration, SolvedCamera } from "../../schema/calibration-geometry.js";

/** Upright, un-mirrored images; pixel centres at integers. */
export interface PlainCamera {
  /** Width and height. */
  readonly imageSizePx: readonly [number, number];
  readonly intrinsics: Intrinsics;
  /** Of the points it was fitted to, px per point; null: not known. */
  readonly rmsPointPx: number | null;
}

/** The rig with the near camera at one stop. */
export interface PlainPair {
  readonly distanceMm: number;
  readonly near: PlainCamera;
  readonly far: PlainCamera;
  /** As `stereoCalibrate` gives R and T with the near camera first. */
  readonly T_far_near: Rigid;
}

export type GeometryOf =
  | { readonly kind: "camera"; readonly camera: PlainCamera }
  | { readonly kind: "pair"; readonly pair: PlainPair };

/**
 * What a record holds of geometry.
 * @param stopMm which stop of a pair; null: its only one.
 * @throws CallerError USAGE for a record without geometry, or when no stop, or none that there is, is named.
 */
export function geometryOf(record: Calibration, stopMm: number | null): GeometryOf {
  if (record.kind === "camera") return { kind: "camera", camera: plainCamera(record.camera, record.errors) };
  if (record.kind === "pair") return { kind: "pair", pair: pairAtStop(record, stopMm) };
  throw new CallerError("USAGE", `${record.calibrationId} is a ${record.kind} calibration, without cameras`, {
    advice: "Name a calibration of a camera or of a pair; `nearfar calibrate list` tells them apart.",
  });
}

function pairAtStop(record: PairCalibration, stopMm: number | null): PlainPair {
  const { stops, errors } = record;
  const known = [...new Set(stops.map(({ distanceMm }) => distanceMm))];
  const wantedMm = stopMm ?? (known.length === 1 ? known[0] : undefined);
  // Of a stop that was visited twice, its first visit.
  const stop = stops.find(({ distanceMm }) => Math.abs(distanceMm - (wantedMm ?? Number.NaN)) < 0.5);
  if (stop === undefined) {
    const named = stopMm === null ? "no stop was named" : `it has no stop at ${stopMm} mm`;
    throw new CallerError("USAGE", `${record.calibrationId} is a pair, and ${named}`, {
      advice: `Give --stop with one of ${known.join(", ")} mm.`,
    });
  }
  return {
    distanceMm: stop.distanceMm,
    near: plainCamera(stop.near, errors.near),
    far: plainCamera(record.far, errors.far),
    // The rig frame of a calibration is the far camera's own.
    T_far_near: invert(stop.T_camera_rig),
  };
}

function plainCamera({ imageSizePx, intrinsics }: SolvedCamera, { rmsPointPx }: FitErrors): PlainCamera {
  return { imageSizePx, intrinsics, rmsPointPx };
}
