/** How sure anything is that follows from the cameras of a pair and its eye plane. */
import { type Propagated, propagate, stepsOf } from "../../../stats/propagated-covariance.js";
import { EyePlaneModel } from "./eye-plane.js";
import type { PairAtStop } from "./pair-geometry.js";
import { type PairState, valuesOf, withValues } from "./pair-state.js";
import type { SolvedPair } from "./solved-pair.js";

/** What the numbers of a state give at every stop. */
type Outputs = (pairs: readonly PairAtStop[]) => readonly number[];

/** A solved pair with its eye plane; the last of its uncertain numbers is the eye plane's own depth. */
export class UncertainPair {
  readonly solved: SolvedPair;
  readonly eyePlane: EyePlaneModel;
  readonly #covariance: Float64Array;

  constructor(solved: SolvedPair) {
    this.solved = solved;
    this.eyePlane = new EyePlaneModel(solved);
    this.#covariance = bordered(solved.covariance.values, this.eyePlane.depthSigmaMm ** 2);
  }

  /** The pair of every stop under a state. */
  pairsOf(state: PairState = this.solved.state, depthOffsetMm = 0): PairAtStop[] {
    const eyePlane = this.eyePlane.at(state, depthOffsetMm);
    return state.near.map((near) => ({ near, far: state.far, eyePlane }));
  }

  propagate(outputs: Outputs): Propagated {
    const { state, covariance } = this.solved;
    const { parameters } = covariance;
    const values = [...valuesOf(state, parameters), 0];
    const evaluate = (numbers: readonly number[]): readonly number[] =>
      outputs(this.pairsOf(withValues(state, parameters, numbers.slice(0, -1)), numbers.at(-1)));
    return propagate(evaluate, values, this.#covariance, stepsOf(this.#covariance, values.length));
  }
}

/** The matrix with one more independent variance. */
function bordered(matrix: ArrayLike<number>, variance: number): Float64Array {
  const size = Math.round(Math.sqrt(matrix.length));
  const wider = new Float64Array((size + 1) ** 2);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) wider[i * (size + 1) + j] = matrix[i * size + j] as number;
  wider[wider.length - 1] = variance;
  return wider;
}
