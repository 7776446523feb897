/** Points and directions in three dimensions. */
export type Vector3 = readonly [number, number, number];

/** The `index`th of vectors that lie flat behind each other. */
export function vectorAt(flat: ArrayLike<number>, index: number): Vector3 {
  return [flat[3 * index] as number, flat[3 * index + 1] as number, flat[3 * index + 2] as number];
}

export function add(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function norm(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** Of length 1; NaN for a vector without length. */
export function unit(a: Vector3): Vector3 {
  return scale(a, 1 / norm(a));
}

/** The part of `a` that is perpendicular to the unit vector `axis`. */
export function perpendicular(a: Vector3, axis: Vector3): Vector3 {
  return subtract(a, scale(axis, dot(a, axis)));
}
