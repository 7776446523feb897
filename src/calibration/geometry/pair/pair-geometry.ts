/** What a pair measures, as plain functions of its cameras (calibration/README.md, "Read-outs of the pair"). */
import { type Pixel, project, unproject } from "../../../geometry/brown-camera.js";
import { conjugate, rotate, transform, vectorOfQuaternion } from "../../../geometry/rigid.js";
import { dot, norm, scale, subtract, unit, type Vector3 } from "../../../geometry/vector.js";
import type { PlacedCamera } from "./board-pose.js";
import { type EyePlane, planeAxes, pointAt } from "./eye-plane.js";

/** One near camera with the far one. */
export interface PairAtStop {
  readonly near: PlacedCamera;
  readonly far: PlacedCamera;
  readonly eyePlane: EyePlane;
}

/** Numbers that come with a standard deviation each. */
export type Alignment = readonly [
  lateralXMm: number,
  lateralYMm: number,
  pitchMdeg: number,
  yawMdeg: number,
  rollMdeg: number,
  pupilSeparationMm: number,
  nearDistanceMm: number,
  farDistanceMm: number,
  magnificationRatio: number,
];

export const mdegOfRad = 180_000 / Math.PI;

/** How the near camera stands to the far one and to the face point. */
export function alignmentOf({ near, far, eyePlane }: PairAtStop): Alignment {
  const T = near.T_camera_rig;
  const farPupil = T.translationMm;
  const toFace = transform(T, eyePlane.pointMm);
  const sight = unit(toFace);
  const along = dot(farPupil, sight);
  const aside = rotate(conjugate(T.rotation), subtract(farPupil, scale(sight, along)));
  // Of T_rig_near: the turn that takes the far camera's axes to the near one's.
  const [pitch, yaw, roll] = vectorOfQuaternion(conjugate(T.rotation));
  return [
    aside[0],
    aside[1],
    pitch * mdegOfRad,
    yaw * mdegOfRad,
    roll * mdegOfRad,
    -along,
    norm(toFace),
    norm(eyePlane.pointMm),
    pxPerMmAt(near, eyePlane) / pxPerMmAt(far, eyePlane),
  ];
}

/** Image px per mm of the eye plane at the face point: root of the ratio of areas. */
export function pxPerMmAt(camera: PlacedCamera, eyePlane: EyePlane): number {
  const at = (x: number, y: number): Pixel => pixelOf(camera, pointAt(eyePlane, [x, y], 0)) ?? [0, 0];
  const [left, right, top, bottom] = [at(-1, 0), at(1, 0), at(0, -1), at(0, 1)];
  const [ux, uy] = [(right[0] - left[0]) / 2, (right[1] - left[1]) / 2];
  const [vx, vy] = [(bottom[0] - top[0]) / 2, (bottom[1] - top[1]) / 2];
  return Math.sqrt(Math.abs(ux * vy - uy * vx));
}

export function pixelOf({ intrinsics, T_camera_rig }: PlacedCamera, pointMm: Vector3): Pixel | null {
  return project(intrinsics, transform(T_camera_rig, pointMm));
}

/** The point that a far pixel sees at a height above the eye plane; null where it sees none. */
export function pointOfFarPixel({ far, eyePlane }: PairAtStop, px: Pixel, heightMm: number): Vector3 | null {
  const ray = unproject(far.intrinsics, px);
  if (ray === null) return null;
  const { pointMm, normal } = eyePlane;
  const depth = (dot(pointMm, normal) - heightMm) / dot(ray, normal);
  return depth > 0 ? scale(ray, depth) : null;
}

/** Where the near camera images what a far pixel sees at a height above the eye plane. */
export function nearOfFar(pair: PairAtStop, px: Pixel, heightMm: number): Pixel | null {
  const point = pointOfFarPixel(pair, px, heightMm);
  return point && pixelOf(pair.near, point);
}

/** Height of a point above the eye plane, towards the cameras. */
export function heightOf({ pointMm, normal }: EyePlane, point: Vector3): number {
  return -dot(subtract(point, pointMm), normal);
}

/** Place of a point across the eye plane, from the face point. */
export function placeOf(eyePlane: EyePlane, point: Vector3): Pixel {
  const [x, y] = planeAxes(eyePlane);
  const from = subtract(point, eyePlane.pointMm);
  return [dot(x, from), dot(y, from)];
}

/** How far the face point is from the middle of the near image, px. */
export function aimErrorOf(
  { near, eyePlane }: PairAtStop,
  [width, height]: readonly [number, number],
): { x: number; y: number } {
  const [x, y] = pixelOf(near, eyePlane.pointMm) ?? [Number.NaN, Number.NaN];
  return { x: x - (width - 1) / 2, y: y - (height - 1) / 2 };
}
