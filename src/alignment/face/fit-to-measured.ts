/** Moves, stretches and tilts the depth of a generic head to agree with what was measured of this one. */
import { choleskyFactor, choleskyInverse, choleskySolve } from "../../stats/cholesky.js";

/** One cell in which both are known. */
export interface DepthSample {
  /** Across, mm from the eyes. */
  readonly xMm: number;
  readonly yMm: number;
  /** Of the generic head, from the eyes. */
  readonly hMm: number;
  /** Its standard deviation over heads. */
  readonly sigmaMm: number;
  /** Measured, less the generic head's as it stands. */
  readonly departureMm: number;
  readonly measuredSigmaMm: number;
}

export interface DepthCorrection {
  /** To be added to the generic head's depth there, mm. */
  at(xMm: number, yMm: number, hMm: number): number;
  /** Of the correction. */
  sigmaAt(xMm: number, yMm: number, hMm: number): number;
  /** What the generic head's own standard deviation is to be multiplied by: how usual this head is. */
  readonly sigmaFactor: number;
}

/** Standard deviations of the four parameters over people before anything is measured. */
export interface CorrectionPrior {
  /** Of the eyes' depth. */
  readonly offsetMm: number;
  /** Depth of the head's relief over that of the generic head, less 1. */
  readonly stretch: number;
  /** Departure per mm across and down: tangents of the turns by which a mesh misleads about its head. */
  readonly tiltAcross: number;
  readonly tiltDown: number;
}

/**
 * Cells within this distance say the same about the generic head's error: it varies as slowly as faces do.
 * Every cell counts as its share of such a square.
 */
const correlationMm = 25;
/** Samples that the usual departure weighs as much as. */
const usualWeight = 4;
const rounds = 3;

/** Offset + stretch · h + tilts, by weighted least squares with the given prior; outliers count less (Cauchy). */
export function fitToMeasured(
  samples: readonly DepthSample[],
  cellMm: number,
  prior: CorrectionPrior,
): DepthCorrection {
  const share = Math.min(1, (cellMm / correlationMm) ** 2);
  const expected = [prior.offsetMm, prior.stretch, prior.tiltAcross, prior.tiltDown];
  let weights = samples.map(() => 1);
  let values: ArrayLike<number> = [0, 0, 0, 0];
  let covariance = new Float64Array(16);
  for (let round = 0; round < rounds; round++) {
    ({ values, covariance } = solve(samples, weights, share, expected));
    weights = samples.map((sample) => 1 / (1 + squaredResidual(sample, values) / cauchySquared));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = samples.reduce((sum, s, i) => sum + (weights[i] as number) * squaredResidual(s, values), 0);
  return {
    at: (xMm, yMm, hMm) => product(rowOf(xMm, yMm, hMm), values),
    sigmaAt: (xMm, yMm, hMm) => Math.sqrt(quadratic(rowOf(xMm, yMm, hMm), covariance)),
    sigmaFactor: Math.sqrt((usualWeight + share * squares) / (usualWeight + share * total)),
  };
}

/** Squared residuals in sigmas where an outlier's weight is half. */
const cauchySquared = 9;

const rowOf = (xMm: number, yMm: number, hMm: number): readonly number[] => [1, hMm, xMm, yMm];

function product(row: readonly number[], values: ArrayLike<number>): number {
  return row.reduce((sum, a, k) => sum + a * (values[k] as number), 0);
}

function quadratic(row: readonly number[], matrix: Float64Array): number {
  let sum = 0;
  for (const [i, a] of row.entries())
    for (const [j, b] of row.entries()) sum += a * b * (matrix[i * row.length + j] as number);
  return Math.max(0, sum);
}

function squaredResidual(sample: DepthSample, values: ArrayLike<number>): number {
  const { xMm, yMm, hMm, departureMm, sigmaMm, measuredSigmaMm } = sample;
  const residual = departureMm - product(rowOf(xMm, yMm, hMm), values);
  return residual ** 2 / (sigmaMm ** 2 + measuredSigmaMm ** 2);
}

function solve(
  samples: readonly DepthSample[],
  weights: readonly number[],
  share: number,
  expected: readonly number[],
): { values: Float64Array; covariance: Float64Array<ArrayBuffer> } {
  const size = expected.length;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [k, sigma] of expected.entries()) normal[k * size + k] = 1 / sigma ** 2;
  for (const [i, { xMm, yMm, hMm, departureMm, sigmaMm, measuredSigmaMm }] of samples.entries()) {
    const row = rowOf(xMm, yMm, hMm);
    const information = (share * (weights[i] as number)) / (sigmaMm ** 2 + measuredSigmaMm ** 2);
    for (let a = 0; a < size; a++) {
      right[a] = (right[a] as number) + information * (row[a] as number) * departureMm;
      for (let b = 0; b < size; b++)
        normal[a * size + b] =
          (normal[a * size + b] as number) + information * (row[a] as number) * (row[b] as number);
    }
  }
  // The prior's information on the diagonal makes it positive definite.
  const factor = choleskyFactor(normal, size) as Float64Array;
  return {
    values: choleskySolve(factor, right),
    covariance: new Float64Array(choleskyInverse(factor, size)),
  };
}
