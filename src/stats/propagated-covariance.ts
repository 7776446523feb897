/** Propagation of a covariance through a function, to first order. */

/** What a function makes of uncertain numbers. */
export interface Propagated {
  readonly values: readonly number[];
  /** Standard deviation of one output. */
  sigma(output: number): number;
  /** Of two outputs that span a plane: the standard deviation in its worst direction. */
  worstSigma(a: number, b: number): number;
}

/** d outputs / d values: one row for each value; null for values that count as exact. */
type Gradients = readonly (readonly number[] | null)[];

type Evaluate = (values: readonly number[]) => readonly number[];

/**
 * What `evaluate` gives at `values`, by central differences.
 * @param covariance of the values, row-major.
 * @param steps half the differences' distance, one for each value; a value whose step is 0 counts as exact.
 */
export function propagate(
  evaluate: Evaluate,
  values: readonly number[],
  covariance: ArrayLike<number>,
  steps: readonly number[],
): Propagated {
  const gradients = gradientsOf(evaluate, values, steps);
  const between = (a: number, b: number): number => outputCovariance(gradients, covariance, a, b);
  return {
    values: evaluate(values),
    sigma: (output) => Math.sqrt(Math.max(0, between(output, output))),
    worstSigma: (a, b) => {
      // Root of the larger eigenvalue of the covariance of both.
      const [aa, ab, bb] = [between(a, a), between(a, b), between(b, b)];
      return Math.sqrt(Math.max(0, (aa + bb) / 2 + Math.hypot((aa - bb) / 2, ab)));
    },
  };
}

/** Steps for {@link propagate}: a tenth of each value's standard deviation, small enough for curvature. */
export function stepsOf(covariance: ArrayLike<number>, size: number): number[] {
  return Array.from({ length: size }, (_, i) => 0.1 * sigmaAt(covariance, size, i));
}

/** Standard deviation of value `i`; 0 where rounding made its variance negative. */
export function sigmaAt(covariance: ArrayLike<number>, size: number, i: number): number {
  return Math.sqrt(Math.max(0, covariance[i * size + i] as number));
}

function gradientsOf(evaluate: Evaluate, values: readonly number[], steps: readonly number[]): Gradients {
  return values.map((_, i) => {
    const step = steps[i] as number;
    if (step === 0) return null;
    const moved = (by: number): readonly number[] =>
      evaluate(values.map((value, j) => (j === i ? value + by : value)));
    const [ahead, behind] = [moved(step), moved(-step)];
    return ahead.map((value, k) => (value - (behind[k] as number)) / (2 * step));
  });
}

function outputCovariance(gradients: Gradients, covariance: ArrayLike<number>, a: number, b: number): number {
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
