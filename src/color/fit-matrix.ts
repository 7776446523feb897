import type { Triple } from "./lab.js";

/**
 * The 3×3 matrix m, by rows, that minimises Σ |to - m · from|² over paired colors.
 * @returns null when `from` spans fewer than three dimensions.
 */
export function fitMatrix(
  from: readonly Triple[],
  to: readonly Triple[],
): readonly [Triple, Triple, Triple] | null {
  const normal = sumOfProducts(from, from);
  const inverse = inverseOf(normal);
  if (inverse === null) return null;
  const right = sumOfProducts(to, from);
  const row = (index: number): Triple => {
    const entry = (column: number): number =>
      [0, 1, 2].reduce((sum, k) => sum + at(right, index, k) * at(inverse, k, column), 0);
    return [entry(0), entry(1), entry(2)];
  };
  return [row(0), row(1), row(2)];
}

/** Σ a · bᵀ, row-major. */
function sumOfProducts(a: readonly Triple[], b: readonly Triple[]): readonly number[] {
  const sum = new Array<number>(9).fill(0);
  for (const [index, left] of a.entries()) {
    const right = b[index] as Triple;
    for (let i = 0; i < 9; i++) {
      sum[i] = (sum[i] as number) + (left[Math.floor(i / 3)] as number) * (right[i % 3] as number);
    }
  }
  return sum;
}

function at(matrix: readonly number[], row: number, column: number): number {
  return matrix[row * 3 + column] as number;
}

/** By cofactors; null when the matrix is singular to rounding. */
function inverseOf(m: readonly number[]): readonly number[] | null {
  const minor = (row: number, column: number): number => {
    const [r1, r2] = [(row + 1) % 3, (row + 2) % 3];
    const [c1, c2] = [(column + 1) % 3, (column + 2) % 3];
    return at(m, r1, c1) * at(m, r2, c2) - at(m, r1, c2) * at(m, r2, c1);
  };
  const determinant = at(m, 0, 0) * minor(0, 0) + at(m, 0, 1) * minor(0, 1) + at(m, 0, 2) * minor(0, 2);
  const scale = Math.max(...m.map(Math.abs)) ** 3;
  if (!(Math.abs(determinant) > scale * 1e-14)) return null;
  return Array.from({ length: 9 }, (_, i) => minor(i % 3, Math.floor(i / 3)) / determinant);
}
