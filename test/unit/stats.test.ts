import { expect, test } from "vitest";
import { propagate, stepsOf } from "../../src/stats/propagated-covariance.js";
import { seededNormal } from "../support/noise.js";

test("a covariance goes through a function as sampling says", () => {
  // x and y share a part of their noise: var x = 1 + 0.25, var y = 4 + 1, cov = 0.5.
  const covariance = [1.25, 0.5, 0.5, 5];
  const evaluate = ([x, y]: readonly number[]): number[] => [
    (x as number) * (y as number),
    Math.hypot(x as number, y as number),
  ];
  const values = [40, 300];
  const propagated = propagate(evaluate, values, covariance, stepsOf(covariance, 2));
  const normal = seededNormal(3);
  const sampled = Array.from({ length: 20_000 }, () => {
    const shared = normal() * 0.5;
    return evaluate([40 + normal() + shared, 300 + 2 * normal() + 2 * shared]);
  });
  const deviation = (k: number): number => {
    const mean = sampled.reduce((sum, sample) => sum + (sample[k] as number), 0) / sampled.length;
    return Math.sqrt(
      sampled.reduce((sum, sample) => sum + ((sample[k] as number) - mean) ** 2, 0) / sampled.length,
    );
  };
  expect(propagated.sigma(0) / deviation(0)).toBeCloseTo(1, 1);
  expect(propagated.sigma(1) / deviation(1)).toBeCloseTo(1, 1);
});

test("a value whose step is 0 counts as exact", () => {
  const sum = propagate(([x, y]) => [(x as number) + (y as number)], [1, 2], [9, 0, 0, 16], [0.1, 0]);
  expect(sum.sigma(0)).toBeCloseTo(3, 9);
});
