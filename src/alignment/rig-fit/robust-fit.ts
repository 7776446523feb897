/** The five rig errors that make the tangential residuals smallest, robustly. */
import { noRigErrors, type RigErrors } from "../../geometry/rig-residual.js";
import { choleskyFactor, choleskyInverse, choleskySolve } from "../../stats/cholesky.js";
import { median } from "../../stats/median.js";
import {
  type Correspondence,
  type RigFitGeometry,
  rigErrorNames,
  type Tangential,
  tangentialOf,
} from "./tangential.js";

/**
 * What is known of the errors without any data, one standard deviation: a rig is never further off than this. Weak;
 * they only keep what the data cannot tell from running away, and become its sigma.
 */
export const priorSigmas: RigErrors = {
  offsetXMm: 5,
  offsetYMm: 5,
  rollRad: Math.PI / 180,
  shiftXPx: 20,
  shiftYPx: 20,
};

/** Huber's and Tukey's constants for 95 % efficiency, in standard deviations. */
const huber = 1.345;
const tukey = 4.685;
const sigmaOfMedian = 1.4826;
const huberRounds = 5;
const tukeyRounds = 10;

/** A correspondence at the solution; `weight` 0: an outlier. */
export interface FittedNode {
  readonly seen: Correspondence;
  readonly tangential: Tangential;
  readonly weight: number;
}

export interface RobustFit {
  readonly errors: RigErrors;
  readonly nodes: readonly FittedNode[];
  /** (Aᵀ W A + P)⁻¹, row-major, in the order of `rigErrorNames`. */
  readonly inverse: Float64Array;
}

/** @returns null when the equations cannot be solved. */
export function robustFit(
  geometry: RigFitGeometry,
  start: RigErrors,
  correspondences: readonly Correspondence[],
): RobustFit | null {
  let errors = start;
  for (let round = 0; round < huberRounds + tukeyRounds; round++) {
    const nodes = weighted(geometry, errors, correspondences, round < huberRounds);
    const factor = choleskyFactor(normalMatrix(nodes), rigErrorNames.length);
    if (factor === null) return null;
    const step = choleskySolve(factor, gradient(nodes, errors));
    errors = moved(errors, step);
    if (round >= huberRounds && isTrifle(step)) break;
  }
  const nodes = weighted(geometry, errors, correspondences, false);
  const factor = choleskyFactor(normalMatrix(nodes), rigErrorNames.length);
  return factor && { errors, nodes, inverse: choleskyInverse(factor, rigErrorNames.length) };
}

export function asVector(errors: RigErrors): number[] {
  return rigErrorNames.map((name) => errors[name]);
}

function moved(errors: RigErrors, step: Float64Array): RigErrors {
  const result = { ...noRigErrors };
  for (const [i, name] of rigErrorNames.entries()) result[name] = errors[name] + (step[i] as number);
  return result;
}

function isTrifle(step: Float64Array): boolean {
  return rigErrorNames.every((name, i) => Math.abs(step[i] as number) < 1e-9 * priorSigmas[name]);
}

function weighted(
  geometry: RigFitGeometry,
  errors: RigErrors,
  correspondences: readonly Correspondence[],
  convex: boolean,
): FittedNode[] {
  const measured = correspondences.flatMap((seen) => {
    const tangential = tangentialOf(geometry, errors, seen);
    return tangential === null ? [] : [{ seen, tangential }];
  });
  const sizes = measured.map(({ tangential: t }) => Math.abs(t.residualPx) / t.sigmaPx);
  const scale = Math.max(1, sigmaOfMedian * (median(sizes) ?? 1));
  return measured.map((node, i) => ({
    ...node,
    weight: (convex ? huberWeight : tukeyWeight)((sizes[i] as number) / scale),
  }));
}

function huberWeight(size: number): number {
  return size <= huber ? 1 : huber / size;
}

function tukeyWeight(size: number): number {
  return size >= tukey ? 0 : (1 - (size / tukey) ** 2) ** 2;
}

function normalMatrix(nodes: readonly FittedNode[]): Float64Array {
  const size = rigErrorNames.length;
  const matrix = new Float64Array(size * size);
  for (const { tangential, weight } of nodes) {
    const { slopes, sigmaPx } = tangential;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        matrix[i * size + j] =
          (matrix[i * size + j] as number) +
          (weight * (slopes[i] as number) * (slopes[j] as number)) / sigmaPx ** 2;
  }
  for (const [i, name] of rigErrorNames.entries())
    matrix[i * size + i] = (matrix[i * size + i] as number) + 1 / priorSigmas[name] ** 2;
  return matrix;
}

function gradient(nodes: readonly FittedNode[], errors: RigErrors): Float64Array {
  const result = Float64Array.from(rigErrorNames, (name) => -errors[name] / priorSigmas[name] ** 2);
  for (const { tangential, weight } of nodes) {
    const { slopes, sigmaPx, residualPx } = tangential;
    for (const [i, slope] of slopes.entries())
      result[i] = (result[i] as number) + (weight * slope * residualPx) / sigmaPx ** 2;
  }
  return result;
}
