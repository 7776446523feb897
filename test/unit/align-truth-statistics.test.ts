import { describe, expect, test } from "vitest";
import {
  errorStatistics,
  normalisedErrors,
  sparsification,
} from "../../src/alignment/truth/error-statistics.js";
import { occlusion, occlusionScore } from "../../src/alignment/truth/occlusion-score.js";
import { seededNormal } from "../support/noise.js";

describe("errors", () => {
  test("have mean, median and 95th percentile of their sizes", () => {
    const errors = Array.from({ length: 100 }, (_, i) => (i % 2 ? -1 : 1) * (i + 1));
    expect(errorStatistics(errors)).toEqual({ count: 100, mean: 50.5, median: 51, p95: 96 });
    expect(errorStatistics([])).toEqual({ count: 0, mean: Number.NaN, median: Number.NaN, p95: Number.NaN });
  });

  test("over their sigmas are 1 when the claim is right, and outliers move the robust figure little", () => {
    const normal = seededNormal(1);
    const ratios = Array.from({ length: 20_000 }, normal);
    expect(normalisedErrors(ratios).rms).toBeCloseTo(1, 1);
    expect(normalisedErrors(ratios).robust).toBeCloseTo(1, 1);
    const spoilt = normalisedErrors(ratios.map((ratio, i) => (i % 100 === 0 ? 30 : ratio)));
    expect(spoilt.rms).toBeGreaterThan(2);
    expect(spoilt.robust).toBeCloseTo(1, 1);
  });

  test("fall towards small sigmas when sigmas know them, and do not when they do not", () => {
    const normal = seededNormal(2);
    const sigmas = Array.from({ length: 5000 }, (_, i) => 0.1 + (i % 50) / 50);
    const errors = sigmas.map((sigma) => sigma * normal());
    const known = sparsification(errors, sigmas);
    expect(known).toHaveLength(10);
    for (let i = 1; i < 10; i++) expect(known[i]).toBeGreaterThan(known[i - 1] as number);
    const unknown = sparsification(
      errors,
      [...sigmas].reverse().map((_, i) => (i * 7919) % 5000),
    );
    expect(Math.max(...unknown) / Math.min(...unknown)).toBeLessThan(1.2);
  });
});

describe("occlusion", () => {
  const { notJudged: n, seen: s, hidden: h } = occlusion;

  test("counts hidden pixels that were said to be, and claims that are right", () => {
    const actual = Uint8Array.from([h, h, h, s, s, s, n, n]);
    const claimed = Uint8Array.from([h, s, s, s, s, h, h, n]);
    expect(occlusionScore(claimed, actual, 8, 0)).toMatchObject({
      pixels: 6,
      hidden: 3,
      claimed: 2,
      precision: 1 / 2,
      recall: 1 / 3,
      f1: 0.4,
    });
  });

  test("takes borders within the tolerance as right, not beyond, and not around a row's end", () => {
    const width = 12;
    const rowsOf = (...hidden: readonly number[]): Uint8Array => {
      const states = new Uint8Array(3 * width).fill(s);
      for (const column of hidden) states[width + column] = h;
      return states;
    };
    expect(occlusionScore(rowsOf(4, 5), rowsOf(6, 7), width)).toMatchObject({ precision: 1, recall: 1 });
    expect(occlusionScore(rowsOf(2), rowsOf(6), width)).toMatchObject({ precision: 0, recall: 0, f1: 0 });
    expect(occlusionScore(rowsOf(), rowsOf(6), width)).toMatchObject({
      precision: Number.NaN,
      recall: 0,
      f1: 0,
    });
    expect(occlusionScore(rowsOf(), rowsOf(), width).f1).toBeNaN();
    expect(occlusionScore(rowsOf(width - 1), rowsOf(width), width)).toMatchObject({
      precision: 0,
      recall: 0,
    });
  });
});
