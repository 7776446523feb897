/** Geometric calibrations solved again from their own records. */
import { calibrateCamera } from "../../calibration/geometry/camera/calibrate-camera.js";
import { calibratePair, type PairBody } from "../../calibration/geometry/pair/calibrate-pair.js";
import { type CalibrationBody, createRecord } from "../../calibration/record/create-record.js";
import { cameraObservations, pairObservations } from "../../calibration/record/observations.js";
import type { Solver } from "../../native/solver.js";
import type { Calibration } from "../../schema/calibration.js";
import type { CameraCalibration, PairCalibration } from "../../schema/calibration-geometry.js";
import type { Gate } from "../../schema/calibration-header.js";
import { median } from "../../stats/median.js";
import type { Services } from "../services.js";
import { type CameraDifference, cameraDifference } from "./camera-difference.js";

/** One camera of a calibration, as it was and as it is now. */
export interface CameraChange extends CameraDifference {
  /** `camera`, `far`, `near at 450 mm`. */
  readonly name: string;
}

/** What solving again gave, and what it changed. */
export interface SolvedAgain {
  readonly record: Calibration;
  readonly cameras: readonly CameraChange[];
  /** Reprojection error per point, before and after, of each camera or arm, px. */
  readonly rmsPointPx: readonly { readonly name: string; readonly before: number; readonly after: number }[];
  /** New minus old of a pair's stops; empty of a camera. */
  readonly stops: readonly StopChange[];
}

export interface StopChange {
  readonly distanceMm: number;
  readonly lateralOffsetMm: readonly [number, number];
  readonly pupilSeparationMm: number;
  readonly magnificationRatio: number;
}

/** @throws as `calibrateCamera`. */
export async function solveCameraAgain(
  services: Services,
  old: CameraCalibration,
  solver: Solver,
  signal: AbortSignal,
): Promise<SolvedAgain> {
  const { board, sightings } = cameraObservations(old);
  const { body, gates } = await calibrateCamera(sightings, board, { ...old.solve, solver, signal });
  const record = recordLike(services, old, body, gates);
  const distances = old.views.flatMap(({ T_camera_board }) => T_camera_board?.translationMm[2] ?? []);
  const models = [old.camera, record.camera] as const;
  const difference = await cameraDifference(solver, models, median(distances) ?? 1000, signal);
  return {
    record,
    cameras: [{ name: "camera", ...difference }],
    rmsPointPx: [{ name: "camera", before: old.errors.rmsPointPx, after: record.errors.rmsPointPx }],
    stops: [],
  };
}

/** @throws as `calibratePair`. */
export async function solvePairAgain(
  services: Services,
  old: PairCalibration,
  solver: Solver,
  signal: AbortSignal,
): Promise<SolvedAgain> {
  const { body, gates } = await calibratePair(solver, pairObservations(old), {
    boardErrorMm: old.solve.boardErrorMm,
    signal,
    onProgress: (step) => services.terminal.progress(step),
  });
  const record = recordLike(services, old, body, gates);
  const farMm = Math.hypot(...old.eyePlane.pointMm);
  const cameras = [
    { name: "far", ...(await cameraDifference(solver, [old.far, record.far], farMm, signal)) },
  ];
  for (const [before, after] of sameStops(old, body)) {
    const { distanceMm } = before;
    const difference = await cameraDifference(solver, [before.near, after.near], distanceMm, signal);
    cameras.push({ name: `near at ${distanceMm} mm`, ...difference });
  }
  return {
    record,
    cameras,
    rmsPointPx: (["near", "far"] as const).map((name) => ({
      name,
      before: old.errors[name].rmsPointPx,
      after: record.errors[name].rmsPointPx,
    })),
    stops: sameStops(old, body).map(([before, after]) => stopChange(before, after)),
  };
}

type Stop = PairCalibration["stops"][number];

/** Stops of both, visits of one stop in their order. */
function sameStops(old: PairCalibration, now: PairBody): (readonly [Stop, Stop])[] {
  const left = [...now.stops];
  return old.stops.flatMap((before) => {
    const index = left.findIndex(({ distanceMm }) => distanceMm === before.distanceMm);
    const [after] = index < 0 ? [] : left.splice(index, 1);
    return after === undefined ? [] : [[before, after] as const];
  });
}

function stopChange({ distanceMm, readOuts: before }: Stop, { readOuts: after }: Stop): StopChange {
  const { x, y } = after.lateralOffsetMm;
  return {
    distanceMm,
    lateralOffsetMm: [x.value - before.lateralOffsetMm.x.value, y.value - before.lateralOffsetMm.y.value],
    pupilSeparationMm: after.pupilSeparationMm.value - before.pupilSeparationMm.value,
    magnificationRatio: after.magnificationRatio.value - before.magnificationRatio.value,
  };
}

/** A record of today that is of the same rig. */
function recordLike<Body extends CalibrationBody>(
  services: Services,
  { rig, expiresAt }: Calibration,
  body: Body,
  gates: readonly Gate[],
) {
  return createRecord(body, {
    createdAt: services.clock.utcNow(),
    expiresAt,
    softwareVersion: services.version,
    commandLine: services.commandLine,
    rig,
    gates,
  });
}
