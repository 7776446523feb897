import { multiply, type Triple } from "./lab.js";
import { diagonal, inverseOf, type Matrix, product } from "./matrix.js";

/** XYZ to the sharpened cone responses of Bradford (Lam 1985; ICC.1:2022, annex E). */
const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
const bradfordInverse = inverseOf(bradford) as Matrix;

/** The matrix that carries XYZ seen under one white to what looks the same under another; both whites have Y = 1. */
export function adaptation(from: Triple, to: Triple): Matrix {
  const [before, after] = [multiply(bradford, from), multiply(bradford, to)];
  const gains = diagonal([after[0] / before[0], after[1] / before[1], after[2] / before[2]]);
  return product(bradfordInverse, product(gains, bradford));
}
