/** The cameras of a pair as numbers, and the names of these numbers. */
import type { Intrinsics } from "../../../geometry/brown-camera.js";
import { identity, poseVector, rigidOfPose } from "../../../geometry/rigid.js";
import { intrinsicNames } from "../../../schema/calibration-geometry.js";
import type { PlacedCamera } from "./board-pose.js";

/** Rig frame: the far camera's own. */
export interface PairState {
  readonly far: PlacedCamera;
  /** One a stop. */
  readonly near: readonly PlacedCamera[];
}

/** A parameter of a camera by number: 0 to 8 its intrinsics, 9 to 14 its pose. Camera 0 is far, 1 + stop is near. */
export interface CameraParameter {
  readonly camera: number;
  readonly parameter: number;
}

/** What a solve knows of the cameras' numbers. */
export interface PairCovariance {
  readonly parameters: readonly CameraParameter[];
  /** Row-major. */
  readonly values: ArrayLike<number>;
}

const parameterNames = [...intrinsicNames, "rx", "ry", "rz", "tx", "ty", "tz"] as const;

/** Names of cameras: `far`, `450`, and `450-2` for the second visit of a stop. */
export function cameraNames(stops: readonly { readonly distanceMm: number }[]): string[] {
  const visits = new Map<number, number>();
  const near = stops.map(({ distanceMm }) => {
    const visit = (visits.get(distanceMm) ?? 0) + 1;
    visits.set(distanceMm, visit);
    return visit === 1 ? String(distanceMm) : `${distanceMm}-${visit}`;
  });
  return ["far", ...near];
}

export function parameterName(cameras: readonly string[], { camera, parameter }: CameraParameter): string {
  return `${cameras[camera] as string}.${parameterNames[parameter] as string}`;
}

export function farOnly(intrinsics: Intrinsics): PlacedCamera {
  return { intrinsics, T_camera_rig: identity };
}

/** Values of some parameters. */
export function valuesOf(state: PairState, parameters: readonly CameraParameter[]): number[] {
  const all = [state.far, ...state.near].map(numbersOf);
  return parameters.map(({ camera, parameter }) => all[camera]?.[parameter] as number);
}

/** The state with some parameters set to other values. */
export function withValues(
  state: PairState,
  parameters: readonly CameraParameter[],
  values: readonly number[],
): PairState {
  const all = [state.far, ...state.near].map(numbersOf);
  for (const [i, { camera, parameter }] of parameters.entries()) {
    (all[camera] as number[])[parameter] = values[i] as number;
  }
  const [far, ...near] = all.map(placedCamera);
  return { far: far as PlacedCamera, near };
}

function numbersOf({ intrinsics, T_camera_rig }: PlacedCamera): number[] {
  return [...intrinsics, ...poseVector(T_camera_rig)];
}

function placedCamera(numbers: readonly number[]): PlacedCamera {
  return {
    intrinsics: numbers.slice(0, 9) as unknown as Intrinsics,
    T_camera_rig: rigidOfPose(numbers.slice(9)),
  };
}
