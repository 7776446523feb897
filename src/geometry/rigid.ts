/** Rotations and rigid motions. `T_b_a` maps points of frame a to frame b. */
import { add, dot, norm, scale, type Vector3 } from "./vector.js";

/** Unit quaternion (w, x, y, z). */
export type Quaternion = readonly [number, number, number, number];

/** Rows of a 3 × 3 matrix. */
export type Matrix3 = readonly [Vector3, Vector3, Vector3];

/** p_b = rotation · p_a + translation. */
export interface Rigid {
  readonly rotation: Quaternion;
  readonly translationMm: Vector3;
}

export const identity: Rigid = { rotation: [1, 0, 0, 0], translationMm: [0, 0, 0] };

/** Hamilton product: the rotation b, then a. */
export function multiplyQuaternions(a: Quaternion, b: Quaternion): Quaternion {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}

export function conjugate([w, x, y, z]: Quaternion): Quaternion {
  return [w, -x, -y, -z];
}

/** Rows of the rotation's matrix. */
export function rotationMatrix([w, x, y, z]: Quaternion): Matrix3 {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** The unit quaternion of a proper rotation, w not negative (Shepperd 1978). */
export function quaternionOfMatrix(m: Matrix3): Quaternion {
  const [[a, b, c], [d, e, f], [g, h, i]] = m;
  const squares = [1 + a + e + i, 1 + a - e - i, 1 - a + e - i, 1 - a - e + i];
  const most = squares.indexOf(Math.max(...squares));
  const candidates: readonly Quaternion[] = [
    [squares[0] as number, h - f, c - g, d - b],
    [h - f, squares[1] as number, b + d, c + g],
    [c - g, b + d, squares[2] as number, f + h],
    [d - b, c + g, f + h, squares[3] as number],
  ];
  const q = candidates[most] as Quaternion;
  const length = Math.hypot(...q) * (q[0] < 0 ? -1 : 1);
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}

/** Of a rotation vector: axis times angle, rad. */
export function quaternionOfVector(v: Vector3): Quaternion {
  const angle = norm(v);
  // sin(angle/2)/angle to fourth order where the division would lose digits.
  const half = angle < 1e-4 ? 0.5 - (angle * angle) / 48 : Math.sin(angle / 2) / angle;
  return [Math.cos(angle / 2), v[0] * half, v[1] * half, v[2] * half];
}

/** Axis times angle, rad, the angle from 0 to π. */
export function vectorOfQuaternion(q: Quaternion): Vector3 {
  const [w, x, y, z]: Quaternion = q[0] < 0 ? [-q[0], -q[1], -q[2], -q[3]] : q;
  const sine = Math.hypot(x, y, z);
  const factor = sine < 1e-9 ? 2 / w : (2 * Math.atan2(sine, w)) / sine;
  return [x * factor, y * factor, z * factor];
}

export function rotate(q: Quaternion, p: Vector3): Vector3 {
  const [r0, r1, r2] = rotationMatrix(q);
  return [dot(r0, p), dot(r1, p), dot(r2, p)];
}

export function transform(T: Rigid, p: Vector3): Vector3 {
  return add(rotate(T.rotation, p), T.translationMm);
}

/** T_c_b then after T_b_a: T_c_a. */
export function compose(T_c_b: Rigid, T_b_a: Rigid): Rigid {
  return {
    rotation: multiplyQuaternions(T_c_b.rotation, T_b_a.rotation),
    translationMm: transform(T_c_b, T_b_a.translationMm),
  };
}

export function invert(T_b_a: Rigid): Rigid {
  const rotation = conjugate(T_b_a.rotation);
  return { rotation, translationMm: scale(rotate(rotation, T_b_a.translationMm), -1) };
}

/** Six numbers as the solver takes them: rotation vector (rad), translation (mm). */
export function poseVector(T: Rigid): readonly [number, number, number, number, number, number] {
  return [...vectorOfQuaternion(T.rotation), ...T.translationMm];
}

export function rigidOfPose(pose: ArrayLike<number>): Rigid {
  const at = (i: number): number => pose[i] as number;
  return {
    rotation: quaternionOfVector([at(0), at(1), at(2)]),
    translationMm: [at(3), at(4), at(5)],
  };
}
