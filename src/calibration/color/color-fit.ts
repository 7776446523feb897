/** Color maps with their honest error. */
import { type ColorMap, fitColorMap, mapColor } from "../../color/color-map.js";
import { deltaE00 } from "../../color/delta-e.js";
import type { ExpansionName } from "../../color/expansion.js";
import type { Triple } from "../../color/lab.js";
import { refineColorMap } from "../../color/refine-map.js";

/** Paired colors and the yardstick for what is between them. */
export interface ColorPairs {
  readonly from: readonly Triple[];
  readonly to: readonly Triple[];
  /** CIE L*a*b* (D50) of a mapped color. */
  readonly labOf: (mapped: Triple) => Triple;
}

/** What a fit minimises: squares in linear light, or ΔE00 (slower; weighs dark colors as the eye does). */
export type FitLoss = "linear" | "delta-e";

export interface Deltas {
  readonly mean: number;
  readonly max: number;
  readonly each: readonly number[];
}

export interface FittedMap<Method extends ExpansionName = ExpansionName> {
  readonly method: Method;
  readonly rows: readonly (readonly number[])[];
  readonly deltaE00: { readonly fit: Deltas; readonly leaveOneOut: Deltas };
}

/** A map with its errors as records keep them: a session's refit has no leave-one-out. */
export interface JudgedMap<Method extends ExpansionName = ExpansionName> {
  readonly method: Method;
  readonly rows: readonly (readonly number[])[];
  readonly deltaE00: {
    readonly fit: Deltas;
    readonly leaveOneOut: Deltas | null;
    readonly colored?: Deltas | undefined;
  };
}

/** The error on colors that the map was not fitted to: the one to quote. */
export function errorOnOthers({
  deltaE00: { fit, leaveOneOut, colored },
}: Pick<JudgedMap, "deltaE00">): Deltas {
  return leaveOneOut ?? colored ?? fit;
}

/** The 3 × 3 one of several maps. */
export function matrixOf<Map extends { readonly method: string }>(maps: readonly Map[]): Map | undefined {
  return maps.find(({ method }) => method === "matrix");
}

/**
 * Fits a map and tells its error twice: on the colors that it was fitted to, and on each color by the map that was
 * fitted without it. Only the second says what to expect of other colors.
 * @returns null when the colors do not determine the map, or not without one of them.
 */
export function fitWithError<Method extends ExpansionName>(
  method: Method,
  pairs: ColorPairs,
  loss: FitLoss,
): FittedMap<Method> | null {
  const map = fitMap(method, pairs, loss);
  if (map === null) return null;
  const fit = pairs.from.map((_, i) => errorAt(map, pairs, i));
  const leaveOneOut: number[] = [];
  for (const index of pairs.from.keys()) {
    const others = fitMap(method, without(pairs, index), loss);
    if (others === null) return null;
    leaveOneOut.push(errorAt(others, pairs, index));
  }
  return { method, rows: map.rows, deltaE00: { fit: deltasOf(fit), leaveOneOut: deltasOf(leaveOneOut) } };
}

export function deltasOf(each: readonly number[]): Deltas {
  const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
  return { mean, max: Math.max(...each), each };
}

function fitMap(method: ExpansionName, { from, to, labOf }: ColorPairs, loss: FitLoss): ColorMap | null {
  const linear = fitColorMap(method, from, to);
  if (linear === null || loss === "linear") return linear;
  return refineColorMap(linear, from, to.map(labOf), labOf);
}

function errorAt(map: ColorMap, { from, to, labOf }: ColorPairs, index: number): number {
  return deltaE00(labOf(mapColor(map, from[index] as Triple)), labOf(to[index] as Triple));
}

function without(pairs: ColorPairs, index: number): ColorPairs {
  const others = (colors: readonly Triple[]): Triple[] => colors.filter((_, i) => i !== index);
  return { ...pairs, from: others(pairs.from), to: others(pairs.to) };
}

/** The matrix is kept unless the other map's leave-one-out is better by more than this share: it has half the terms. */
const clearlyBetter = 0.2;

/** The recommended one first. */
export function ranked<Fit extends FittedMap>(matrix: Fit, other: Fit | null): Fit[] {
  if (other === null) return [matrix];
  const error = (fit: Fit): number => fit.deltaE00.leaveOneOut.mean;
  return error(other) < (1 - clearlyBetter) * error(matrix) ? [other, matrix] : [matrix, other];
}
