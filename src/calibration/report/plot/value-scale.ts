/** From values to shares of a color map. */

import { type Tick, ticks } from "../../../stats/nice-numbers.js";
import { linearScale } from "./scale.js";

export interface ValueScale {
  /** Values of the first and the last color. */
  readonly range: readonly [number, number];
  readonly isLogarithmic: boolean;
  /** 0 at the first, 1 at the last; beyond them outside of 0 to 1. */
  share(value: number): number;
  /** About `count` round values within the range. */
  ticks(count: number): readonly Tick[];
}

/** A range without width is made wider, so that its color is the middle one. */
export function linearValues([low, high]: readonly [number, number]): ValueScale {
  const margin = high > low ? 0 : Math.abs(low) * 0.01 || 1;
  const range = [low - margin, high + margin] as const;
  return {
    range,
    isLogarithmic: false,
    share: linearScale(...range, 0, 1).at,
    ticks: (count) => ticks(...range, count),
  };
}

/** Both ends positive. */
function logarithmicValues(range: readonly [number, number]): ValueScale {
  const [low, high] = [Math.log10(range[0]), Math.log10(range[1])];
  return {
    range,
    isLogarithmic: true,
    share: (value) => (value > 0 ? (Math.log10(value) - low) / (high - low) : 0),
    ticks: (count) => decadeTicks(low, high, count),
  };
}

/** 1, 2 and 5 times the powers of ten where there is room for them, else the powers alone. */
function decadeTicks(low: number, high: number, count: number): Tick[] {
  const leads = (high - low) * 3 <= 2 * count ? [1, 2, 5] : [1];
  const decades = Array.from(
    { length: Math.floor(high) - Math.floor(low) + 1 },
    (_, i) => Math.floor(low) + i,
  );
  return decades
    .flatMap((decade) => leads.map((lead) => ({ lead, decade })))
    .map(({ lead, decade }) => ({
      value: lead * 10 ** decade,
      text: (lead * 10 ** decade).toFixed(Math.max(0, -decade)),
    }))
    .filter(({ value }) => Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9);
}

/** Least and greatest of the known values; 0 and 1 for none. */
export function extentOf(values: readonly (number | null)[]): readonly [number, number] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [0, 1];
  return known.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** From here on the greatest over the median makes a linear map one color with a bright rim. */
const manyTimes = 12;
/** Decades below the greatest value that are told apart. */
const decades = 4;

/** For errors, none negative: logarithmic where they differ a lot, else linear from zero. */
export function errorValues(values: readonly (number | null)[]): ValueScale {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  const at = (share: number): number => known[Math.floor(share * (known.length - 1))] ?? 0;
  const [low, median, high] = [at(0.02), at(0.5), at(1)];
  if (!(high > manyTimes * median)) return linearValues([0, high]);
  return logarithmicValues([Math.max(low, high / 10 ** decades), high]);
}
