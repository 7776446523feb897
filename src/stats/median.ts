/** The middle value, or the mean of the two middle ones; null of none. */
export function median(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Standard deviation over median absolute departure of a Gaussian: 1 / Φ⁻¹(3/4). */
const sigmaOfMad = 1.4826;

/** Standard deviation of Gaussian noise about `centre`, from the median departure: outliers hardly count. Null of none. */
export function madSigma(values: ArrayLike<number>, centre: number): number | null {
  const departure = median(Float64Array.from(values, (value) => Math.abs(value - centre)));
  return departure === null ? null : sigmaOfMad * departure;
}
