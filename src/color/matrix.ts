/** 3 × 3 matrices by rows. */
import type { Triple } from "./lab.js";

export type Matrix = readonly [Triple, Triple, Triple];

export function diagonal([a, b, c]: Triple): Matrix {
  return [
    [a, 0, 0],
    [0, b, 0],
    [0, 0, c],
  ];
}

/** left · right. */
export function product(left: Matrix, right: Matrix): Matrix {
  const row = ([a, b, c]: Triple): Triple => {
    const entry = (k: 0 | 1 | 2): number => a * right[0][k] + b * right[1][k] + c * right[2][k];
    return [entry(0), entry(1), entry(2)];
  };
  return [row(left[0]), row(left[1]), row(left[2])];
}

/** By cofactors; null when the matrix is singular to rounding. */
export function inverseOf([a, b, c]: Matrix): Matrix | null {
  const [bc, ca, ab] = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  const scale = Math.max(...[a, b, c].flat().map(Math.abs)) ** 3;
  if (!(Math.abs(determinant) > scale * 1e-14)) return null;
  const row = (k: 0 | 1 | 2): Triple => [bc[k] / determinant, ca[k] / determinant, ab[k] / determinant];
  return [row(0), row(1), row(2)];
}

function cross([a, b, c]: Triple, [x, y, z]: Triple): Triple {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}
