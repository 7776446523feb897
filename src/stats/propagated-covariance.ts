/** Propagation to first order, with the covariance of what comes out. */

/** d outputs / d values: one row for each value; null for values that count as exact. */
export type Gradients = readonly (readonly number[] | null)[];

/**
 * Central differences of `evaluate`.
 * @param steps half their distance, one for each value; a value whose step is 0 counts as exact.
 */
export function gradientsOf(
  evaluate: (values: readonly number[]) => readonly number[],
  values: readonly number[],
  steps: readonly number[],
): Gradients {
  return values.map((_, i) => {
    const step = steps[i] as number;
    if (step === 0) return null;
    const moved = (by: number): readonly number[] =>
      evaluate(values.map((value, j) => (j === i ? value + by : value)));
    const [ahead, behind] = [moved(step), moved(-step)];
    return ahead.map((value, k) => (value - (behind[k] as number)) / (2 * step));
  });
}

/**
 * Covariance of two of the outputs.
 * @param covariance of the values, row-major.
 */
export function outputCovariance(
  gradients: Gradients,
  covariance: ArrayLike<number>,
  a: number,
  b: number,
): number {
  let sum = 0;
  for (const [i, left] of gradients.entries()) {
    if (left === null) continue;
    for (const [j, right] of gradients.entries()) {
      if (right === null) continue;
      sum += (left[a] as number) * (covariance[i * gradients.length + j] as number) * (right[b] as number);
    }
  }
  return sum;
}

/** Standard deviation of one output. */
export function outputSigma(gradients: Gradients, covariance: ArrayLike<number>, output: number): number {
  return Math.sqrt(Math.max(0, outputCovariance(gradients, covariance, output, output)));
}

/** Root of the larger eigenvalue of the covariance of two outputs: the standard deviation in the worst direction. */
export function worstSigma(
  gradients: Gradients,
  covariance: ArrayLike<number>,
  a: number,
  b: number,
): number {
  const aa = outputCovariance(gradients, covariance, a, a);
  const ab = outputCovariance(gradients, covariance, a, b);
  const bb = outputCovariance(gradients, covariance, b, b);
  return Math.sqrt(Math.max(0, (aa + bb) / 2 + Math.hypot((aa - bb) / 2, ab)));
}
