/** Propagation of a covariance through a function, to first order. */

/** values[i] += step, for central differences. */
type Evaluate = (values: readonly number[]) => readonly number[];

/**
 * Standard deviations of what `evaluate` gives at `values`.
 * @param covariance row-major, values × values.
 * @param steps half the distance of the central differences, one for each value; a value whose step is 0 counts as exact.
 */
export function propagatedSigma(
  evaluate: Evaluate,
  values: readonly number[],
  covariance: ArrayLike<number>,
  steps: readonly number[],
): number[] {
  const gradients = values.map((_, i) => derivative(evaluate, values, i, steps[i] as number));
  const outputs = evaluate(values).length;
  return Array.from({ length: outputs }, (_, k) => {
    let variance = 0;
    for (const [i, left] of gradients.entries()) {
      if (left === null) continue;
      for (const [j, right] of gradients.entries()) {
        if (right === null) continue;
        const entry = covariance[i * values.length + j] as number;
        variance += (left[k] as number) * entry * (right[k] as number);
      }
    }
    return Math.sqrt(Math.max(0, variance));
  });
}

function derivative(evaluate: Evaluate, values: readonly number[], i: number, step: number): number[] | null {
  if (step === 0) return null;
  const moved = (by: number): readonly number[] =>
    evaluate(values.map((value, j) => (j === i ? value + by : value)));
  const [ahead, behind] = [moved(step), moved(-step)];
  return ahead.map((value, k) => (value - (behind[k] as number)) / (2 * step));
}

/** Steps for {@link propagatedSigma}: a tenth of each value's standard deviation, small enough for curvature. */
export function stepsOf(covariance: ArrayLike<number>, size: number): number[] {
  return Array.from(
    { length: size },
    (_, i) => 0.1 * Math.sqrt(Math.max(0, covariance[i * size + i] as number)),
  );
}
