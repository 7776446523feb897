/** Least squares with a few unknowns: Levenberg-Marquardt with numeric derivatives. */
import { choleskyFactor, choleskyInverse, choleskySolve } from "./cholesky.js";

export interface LeastSquaresFit {
  readonly values: readonly number[];
  /** At `values`, unweighted. */
  readonly residuals: Float64Array;
  /** [residual][value] at the last but one step, row-major, with the weights of the loss in it. */
  readonly jacobian: Float64Array;
  /** (Jᵀ J)⁻¹, row-major: the covariance of the values for residuals of standard deviation 1. */
  readonly inverse: Float64Array;
  readonly cost: number;
}

export interface LeastSquaresOptions {
  /** Half the distance of the central differences, one for each value. */
  readonly steps: readonly number[];
  /** Cauchy's loss from this size of a residual on; plain squares when absent. */
  readonly lossScale?: number;
  readonly maxIterations?: number;
}

type Residuals = (values: readonly number[]) => Float64Array;

/** @returns null when the unknowns are not determined or the residuals are no numbers at the start. */
export function leastSquares(
  residualsOf: Residuals,
  start: readonly number[],
  { steps, lossScale = Number.POSITIVE_INFINITY, maxIterations = 30 }: LeastSquaresOptions,
): LeastSquaresFit | null {
  const size = start.length;
  let values = start;
  let residuals = residualsOf(values);
  let cost = costOf(residuals, lossScale);
  if (!Number.isFinite(cost)) return null;
  let damping = 1e-4;
  let linear = linearised(residualsOf, values, residuals, steps, lossScale);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const step = dampedStep(linear, size, damping);
    if (step === null) return null;
    const next = values.map((value, i) => value - (step[i] as number));
    const nextResiduals = residualsOf(next);
    const nextCost = costOf(nextResiduals, lossScale);
    if (!(nextCost <= cost)) {
      // The step was too long, or the cost cannot be lowered beyond rounding.
      damping *= 10;
      if (damping > 1e6) break;
      continue;
    }
    const gained = cost - nextCost;
    [values, residuals, cost] = [next, nextResiduals, nextCost];
    damping = Math.max(1e-12, damping / 10);
    if (gained <= 1e-10 * cost) break;
    linear = linearised(residualsOf, values, residuals, steps, lossScale);
  }
  const factor = choleskyFactor(linear.normal, size);
  if (factor === null) return null;
  return { values, residuals, jacobian: linear.jacobian, inverse: choleskyInverse(factor, size), cost };
}

interface Linearised {
  readonly jacobian: Float64Array;
  readonly normal: Float64Array;
  readonly gradient: Float64Array;
}

function costOf(residuals: Float64Array, scale: number): number {
  let cost = 0;
  for (const r of residuals)
    cost += Number.isFinite(scale) ? scale * scale * Math.log1p((r / scale) ** 2) : r * r;
  return cost;
}

function linearised(
  residualsOf: Residuals,
  values: readonly number[],
  residuals: Float64Array,
  steps: readonly number[],
  scale: number,
): Linearised {
  const size = values.length;
  const jacobian = new Float64Array(residuals.length * size);
  const weights = residuals.map((r) => (Number.isFinite(scale) ? 1 / Math.sqrt(1 + (r / scale) ** 2) : 1));
  for (let k = 0; k < size; k++) {
    const step = steps[k] as number;
    const ahead = residualsOf(values.map((value, i) => (i === k ? value + step : value)));
    const behind = residualsOf(values.map((value, i) => (i === k ? value - step : value)));
    for (let i = 0; i < residuals.length; i++)
      jacobian[i * size + k] =
        ((weights[i] as number) * ((ahead[i] as number) - (behind[i] as number))) / (2 * step);
  }
  const normal = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  for (let i = 0; i < residuals.length; i++) {
    for (let k = 0; k < size; k++) {
      const slope = jacobian[i * size + k] as number;
      gradient[k] = (gradient[k] as number) + slope * (weights[i] as number) * (residuals[i] as number);
      for (let l = 0; l <= k; l++)
        normal[k * size + l] = (normal[k * size + l] as number) + slope * (jacobian[i * size + l] as number);
    }
  }
  for (let k = 0; k < size; k++)
    for (let l = k + 1; l < size; l++) normal[k * size + l] = normal[l * size + k] as number;
  return { jacobian, normal, gradient };
}

function dampedStep({ normal, gradient }: Linearised, size: number, damping: number): Float64Array | null {
  const damped = Float64Array.from(normal);
  for (let k = 0; k < size; k++) damped[k * size + k] = (normal[k * size + k] as number) * (1 + damping);
  const factor = choleskyFactor(damped, size);
  return factor && choleskySolve(factor, gradient);
}
