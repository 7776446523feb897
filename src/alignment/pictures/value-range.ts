/** Ranges of values for a color scale: a few wild ones must not flatten all others. */
import { maskBits } from "../../schema/alignment.js";
import { niceAbove } from "../../stats/nice-numbers.js";

/** Enough for a quantile that colors follow. */
const mostValues = 100_000;

/** Quantiles of the finite values, of a regular selection of them; null when there are none. */
export function quantilesOf(
  values: ArrayLike<number>,
  shares: readonly number[],
  counts: (index: number) => boolean = () => true,
): readonly number[] | null {
  const step = Math.max(1, Math.floor(values.length / mostValues));
  const finite: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    if (Number.isFinite(values[i]) && counts(i)) finite.push(values[i] as number);
  }
  if (finite.length === 0) return null;
  const sorted = Float64Array.from(finite).sort();
  return shares.map((share) => sorted[Math.round(share * (sorted.length - 1))] as number);
}

/** Of the head, so that shoulders and wall do not take the colors of the face; of all pixels where there is no head. */
export function headQuantiles(
  values: Float32Array,
  mask: Uint8Array,
  shares: readonly number[],
): readonly number[] | null {
  const isHead = (pixel: number): boolean => ((mask[pixel] as number) & maskBits.head) !== 0;
  return quantilesOf(values, shares, isHead) ?? quantilesOf(values, shares);
}

/** A range with round ends that holds both values, never empty. */
export function roundRange(low: number, high: number): readonly [number, number] {
  const step = niceAbove(Math.max(high - low, 1e-6) / 10);
  const [from, to] = [Math.floor(low / step + 1e-6) * step, Math.ceil(high / step - 1e-6) * step];
  return to > from ? [from, to] : [from - step, from + step];
}
