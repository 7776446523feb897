/** Symmetric positive definite systems of a few dozen unknowns. */

/**
 * Lower triangle L of A = L Lᵀ.
 * @param matrix row-major, size × size; its lower triangle is read.
 * @returns null when the matrix is not positive definite.
 */
export function choleskyFactor(matrix: ArrayLike<number>, size: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) rest -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      if (i !== j) factor[i * size + j] = rest / (factor[j * size + j] as number);
      else if (rest > 0) factor[i * size + i] = Math.sqrt(rest);
      else return null;
    }
  }
  return factor;
}

/** x of L Lᵀ x = b. */
export function choleskySolve(factor: Float64Array, b: ArrayLike<number>): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (factor[i * size + k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (factor[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++)
      x[i] = (x[i] as number) - (factor[k * size + i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (factor[i * size + i] as number);
  }
  return x;
}

/** (L Lᵀ)⁻¹, row-major. */
export function choleskyInverse(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const column = choleskySolve(
      factor,
      Float64Array.from({ length: size }, (_, i) => (i === j ? 1 : 0)),
    );
    for (let i = 0; i < size; i++) inverse[i * size + j] = column[i] as number;
  }
  return inverse;
}
