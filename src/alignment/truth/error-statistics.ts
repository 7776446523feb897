/** How a set of errors is spread. */

export interface ErrorStatistics {
  readonly count: number;
  /** Of the sizes, in the unit of the errors; NaN of none. */
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
}

/** @param errors of any sign. */
export function errorStatistics(errors: ArrayLike<number>): ErrorStatistics {
  const sizes = Float64Array.from(errors, Math.abs).sort();
  const count = sizes.length;
  const quantile = (share: number): number =>
    sizes[Math.min(count - 1, Math.floor(share * count))] ?? Number.NaN;
  const sum = sizes.reduce((total, size) => total + size, 0);
  return { count, mean: sum / count, median: quantile(0.5), p95: quantile(0.95) };
}

export interface NormalisedErrors {
  /** Root mean square of error over claimed sigma: 1 when the claim is right. */
  readonly rms: number;
  /** The same from the median, which outliers hardly move: median size × 1.4826. */
  readonly robust: number;
}

const sigmaOfMad = 1.4826;

/** @param ratios error over its sigma. */
export function normalisedErrors(ratios: ArrayLike<number>): NormalisedErrors {
  const squares = Float64Array.from(ratios, (ratio) => ratio * ratio);
  const sum = squares.reduce((total, square) => total + square, 0);
  return { rms: Math.sqrt(sum / squares.length), robust: sigmaOfMad * errorStatistics(ratios).median };
}

/** Shares of the pixels, best claimed sigma first, that {@link sparsification} tells of. */
export const sparsificationShares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/**
 * Mean error of the pixels with the smallest sigmas, for each of {@link sparsificationShares}: it falls towards small
 * shares when sigmas know where errors are.
 */
export function sparsification(errors: ArrayLike<number>, sigmas: ArrayLike<number>): number[] {
  const order = Uint32Array.from({ length: errors.length }, (_, i) => i).sort(
    (a, b) => (sigmas[a] as number) - (sigmas[b] as number),
  );
  const means: number[] = [];
  let sum = 0;
  let taken = 0;
  for (const share of sparsificationShares) {
    const until = Math.round(share * order.length);
    for (; taken < until; taken++) sum += Math.abs(errors[order[taken] as number] as number);
    means.push(sum / taken);
  }
  return means;
}
