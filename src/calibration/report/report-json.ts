/** What a program wants of a calibration: verdict, gates and the numbers that are asked for first. */
import type { Calibration } from "../../schema/calibration.js";
import type { ColorCalibration, ColorFit, LightCalibration } from "../../schema/calibration-color.js";
import type {
  CameraCalibration,
  FitErrors,
  GridMap,
  PairCalibration,
  SolvedCamera,
} from "../../schema/calibration-geometry.js";
import type { SyncCalibration } from "../../schema/calibration-sync.js";

/** The record itself is the whole JSON; this is its summary, without observations and maps. */
export function reportJson(record: Calibration) {
  const { calibrationId, kind, createdAt, expiresAt, softwareVersion, rig, verdict, gates } = record;
  return {
    calibrationId,
    kind,
    createdAt,
    expiresAt,
    softwareVersion,
    rig: rig === null ? null : { name: rig.name, nearSerial: rig.near.serial, farSerial: rig.far.serial },
    verdict,
    gates,
    numbers: numbersOf(record),
  };
}

function numbersOf(record: Calibration): object {
  switch (record.kind) {
    case "sync":
      return syncNumbers(record);
    case "camera":
      return cameraNumbers(record);
    case "pair":
      return pairNumbers(record);
    case "color":
      return colorNumbers(record);
    case "light":
      return lightNumbers(record);
  }
}

function syncNumbers({ skewKind, before, proposedDelayUs, verified, ledCounter }: SyncCalibration): object {
  const round = (one: typeof before): object => ({
    delayUs: one.delayUs,
    lagUs: one.lagUs,
    skewUs: one.skewUs,
    shots: one.shots.length,
  });
  return {
    skewKind,
    before: round(before),
    proposedDelayUs,
    verified: verified && round(verified),
    ledCounter,
  };
}

function cameraNumbers({
  camera,
  errors,
  views,
  board,
  uncertainty,
  crossValidation,
}: CameraCalibration): object {
  return {
    ...errorNumbers(errors),
    ...intrinsicNumbers(camera),
    board: { id: board.id, squareMm: board.squareMm, warpMm: board.warpMm },
    views: { all: views.length, used: views.filter(({ sighting }) => sighting !== null).length },
    uncertainty: uncertainty.map(({ distanceMm, map }) => ({ distanceMm, ...mapNumbers(map) })),
    crossValidation: crossValidation && mapNumbers(crossValidation),
  };
}

function pairNumbers(record: PairCalibration): object {
  const { far, stops, errors, eyePlane, returnErrorMm, uncertainty, crossValidation, views } = record;
  return {
    near: errorNumbers(errors.near),
    far: { ...errorNumbers(errors.far), ...intrinsicNumbers(far) },
    eyePlane: eyePlane.source,
    returnErrorMm,
    views: views.length,
    stops: stops.map(({ distanceMm, near, readOuts }) => ({
      distanceMm,
      ...intrinsicNumbers(near),
      readOuts,
    })),
    uncertainty: uncertainty.map(({ distanceMm, map }) => ({ distanceMm, ...mapNumbers(map) })),
    crossValidation: crossValidation.map(({ distanceMm, map }) => ({ distanceMm, ...mapNumbers(map) })),
  };
}

function colorNumbers({
  target,
  arms,
  light,
  nearToFar,
  exposureRatio,
  refitOf,
  drift,
}: ColorCalibration): object {
  const arm = (name: "near" | "far"): object | null => {
    const own = arms[name];
    return (
      own && {
        corners: own.chart.cornersPx,
        mirrored: own.chart.mirrored,
        toXyz: own.toXyz.map(fitNumbers),
        flatResidual: light[name]?.flatResidual ?? null,
        linearityError: light[name]?.linearityError ?? null,
      }
    );
  };
  return {
    target,
    near: arm("near"),
    far: arm("far"),
    nearToFar: nearToFar?.map(fitNumbers) ?? null,
    exposureRatio,
    refitOf,
    drift,
  };
}

function lightNumbers({ ghost, veil, polarisation, sharpness, advice }: LightCalibration): object {
  return { ghost, veil, polarisation, sharpness, advice };
}

/** Named as the commands print them. */
function errorNumbers({
  rmsPointPx,
  rmsCoordinatePx,
  heldOutRmsPx,
  noiseSigmaPx,
  points,
  outliers,
}: FitErrors) {
  return {
    rmsPoint: rmsPointPx,
    rmsCoordinate: rmsCoordinatePx,
    heldOutRms: heldOutRmsPx,
    noiseSigma: noiseSigmaPx,
    points,
    outliers,
  };
}

function intrinsicNumbers({ intrinsics, sigma }: SolvedCamera) {
  const [fx, fy, cx, cy, ...distortion] = intrinsics;
  const [sigmaFx, sigmaFy, sigmaCx, sigmaCy, ...sigmaDistortion] = sigma;
  const sigmas = { fx: sigmaFx, fy: sigmaFy, cx: sigmaCx, cy: sigmaCy, distortion: sigmaDistortion };
  return { fx, fy, cx, cy, distortion, sigma: sigmas };
}

function mapNumbers({ unit, values }: GridMap) {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  return { unit, median: known[Math.floor((known.length - 1) / 2)] ?? null, worst: known.at(-1) ?? null };
}

function fitNumbers({ method, rows, deltaE00: { fit, leaveOneOut, colored } }: ColorFit): object {
  return {
    method,
    matrix: rows,
    deltaE00: {
      fit: { mean: fit.mean, max: fit.max },
      leaveOneOut: leaveOneOut && { mean: leaveOneOut.mean, max: leaveOneOut.max },
      ...(colored && { colored: { mean: colored.mean, max: colored.max } }),
    },
  };
}
