import type { Spread } from "../../schema/calibration-sync.js";
import { median } from "../../stats/median.js";

/** Median of the values, and how far they lie from it; null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const middle = median(values);
  if (middle === null) return null;
  const deviations = values.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  // Nearest rank: of 20 values the 19th.
  const p95 = deviations[Math.ceil(0.95 * deviations.length) - 1] as number;
  return { count: values.length, median: middle, p95, max: deviations.at(-1) as number };
}

/** Standard error of the median of normal deviates, √(π / 2) of their mean's; 0 for fewer than two. */
export function medianSigma(values: readonly number[]): number {
  const count = values.length;
  if (count < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return Math.sqrt((Math.PI / 2) * (variance / count));
}
