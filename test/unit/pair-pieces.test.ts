import { describe, expect, test } from "vitest";
import { adviceFor } from "../../src/calibration/geometry/pair/advice.js";
import { meanRigid } from "../../src/calibration/geometry/pair/mean-rigid.js";
import { cameraNames, parameterName } from "../../src/calibration/geometry/pair/pair-state.js";
import { fitHomography, poseOfPlane } from "../../src/calibration/geometry/pair/plane-homography.js";
import type { Pixel } from "../../src/geometry/brown-camera.js";
import { type Rigid, rigidOfPose, transform } from "../../src/geometry/rigid.js";
import type { ReadOuts } from "../../src/schema/calibration-geometry.js";
import { choleskyFactor, choleskyInverse, choleskySolve } from "../../src/stats/cholesky.js";
import { leastSquares } from "../../src/stats/least-squares.js";
import { propagate } from "../../src/stats/propagated-covariance.js";

describe("small systems", () => {
  const matrix = [4, 2, 0.5, 2, 5, 1, 0.5, 1, 3];

  test("are solved and inverted; what is not positive definite has no factor", () => {
    const factor = choleskyFactor(matrix, 3) as Float64Array;
    const x = choleskySolve(factor, [1, 2, 3]);
    for (const [i, b] of [1, 2, 3].entries())
      expect(x.reduce((sum, value, k) => sum + value * (matrix[3 * i + k] as number), 0)).toBeCloseTo(b, 12);
    const inverse = choleskyInverse(factor, 3);
    expect(inverse[0]).toBeCloseTo(choleskySolve(factor, [1, 0, 0])[0] as number, 14);
    expect(choleskyFactor([1, 2, 2, 1], 2)).toBeNull();
  });

  test("least squares find a curve, and its uncertainty; one wild value does not move a robust fit", () => {
    const at = Array.from({ length: 30 }, (_, i) => i / 10);
    const seen = at.map((t) => 2 * Math.exp(-0.7 * t));
    const misses =
      (values: readonly number[]) =>
      ([a = 0, b = 0]: readonly number[]): Float64Array =>
        Float64Array.from(at, (t, i) => a * Math.exp(-b * t) - (values[i] as number));
    const options = { steps: [1e-5, 1e-5] };
    const fit = leastSquares(misses(seen), [1, 0.1], options);
    expect(fit?.values[0]).toBeCloseTo(2, 8);
    expect(fit?.values[1]).toBeCloseTo(0.7, 8);
    // ∂/∂a = exp(-bt), ∂/∂b = -a t exp(-bt): the inverse of their products.
    const rows = at.map((t) => [Math.exp(-0.7 * t), -2 * t * Math.exp(-0.7 * t)] as const);
    const product = (i: 0 | 1, j: 0 | 1): number => rows.reduce((sum, row) => sum + row[i] * row[j], 0);
    const determinant = product(0, 0) * product(1, 1) - product(0, 1) ** 2;
    expect(fit?.inverse[0]).toBeCloseTo(product(1, 1) / determinant, 6);
    const wild = seen.map((value, i) => (i === 7 ? value + 5 : value));
    const robust = leastSquares(misses(wild), [1, 0.1], { ...options, lossScale: 0.01 });
    expect(robust?.values[0]).toBeCloseTo(2, 3);
    expect(leastSquares(() => Float64Array.of(1, 2), [1], { steps: [1e-3] })).toBeNull();
  });

  test("carry covariance through a turn", () => {
    const turn = ([x = 0, y = 0]: readonly number[]): number[] => [0.6 * x - 0.8 * y, 0.8 * x + 0.6 * y];
    const turned = propagate(turn, [1, 2], [4, 0, 0, 1], [1e-3, 1e-3]);
    expect(turned.sigma(0) ** 2).toBeCloseTo(0.36 * 4 + 0.64, 9);
    // Whatever the turn, the worst direction keeps its standard deviation.
    expect(turned.worstSigma(0, 1)).toBeCloseTo(2, 9);
  });
});

describe("poses", () => {
  test("of a plane follow from its homography", () => {
    const pose = rigidOfPose([0.3, -0.4, 1.2, 20, -30, 700]);
    const points = [-60, -20, 20, 60].flatMap((x) => [-40, 0, 50].map((y): Pixel => [x, y]));
    const seen = points.map(([x, y]): Pixel => {
      const [u, v, w] = transform(pose, [x, y, 0]);
      return [u / w, v / w];
    });
    const found = poseOfPlane(fitHomography(points, seen) as NonNullable<ReturnType<typeof fitHomography>>);
    for (const [i, value] of pose.rotation.entries()) expect(found.rotation[i]).toBeCloseTo(value, 7);
    for (const [i, value] of pose.translationMm.entries())
      expect(found.translationMm[i]).toBeCloseTo(value, 4);
    const line = points.map((_, i): Pixel => [i, 2 * i]);
    expect(fitHomography(line, line)).toBeNull();
  });

  test("have a middle that a wrong one among them does not move", () => {
    const near = (k: number): Rigid =>
      rigidOfPose([0.1 + k * 1e-3, -0.2, 0.3 - k * 1e-3, 5 + k * 0.01, 6, 7]);
    const middle = meanRigid([near(-1), near(0), near(1), rigidOfPose([2, 0, 0, 500, 0, 0])]);
    expect(middle.rotation[1]).toBeCloseTo(near(0).rotation[1], 2);
    expect(Math.abs(middle.translationMm[0] - 5)).toBeLessThan(0.02);
  });
});

test("names of parameters tell second visits of a stop apart", () => {
  const names = cameraNames([{ distanceMm: 450 }, { distanceMm: 900 }, { distanceMm: 450 }]);
  expect(names).toEqual(["far", "450", "900", "450-2"]);
  expect(parameterName(names, { camera: 3, parameter: 12 })).toBe("450-2.tx");
  expect(parameterName(names, { camera: 0, parameter: 4 })).toBe("far.k1");
});

describe("advice", () => {
  const exact = (value: number) => ({ value, sigma: 0.02 });
  const aligned: Omit<ReadOuts, "advice"> = {
    lateralOffsetMm: { x: exact(0.2), y: exact(-0.3) },
    pitchMdeg: exact(20),
    yawMdeg: exact(-30),
    rollMdeg: exact(100),
    aimErrorPx: { x: 5, y: -7 },
    pupilSeparationMm: exact(1200),
    nearDistanceMm: exact(401),
    farDistanceMm: exact(1600),
    magnificationRatio: exact(1),
    earFlowSigmaPx: 0.02,
    overlayRmsPx: 0.03,
  };
  const context = { stopMm: 400, nearFocalPx: 2000, nearSizePx: [1024, 1280] as const };

  test("is silent when nothing needs to be turned", () => {
    expect(adviceFor(aligned, context)).toEqual([]);
  });

  test("names way and amount: the near camera has a quarter of the far pupil's way here", () => {
    const off = { ...aligned, lateralOffsetMm: { x: exact(-1.6), y: exact(8) } };
    const [sideways, upright] = adviceFor(off, context);
    expect(sideways).toContain("0.4 mm left");
    expect(upright).toContain("2.0 mm down");
    expect(upright).not.toContain("may stay");
    const harmless = adviceFor({ ...aligned, lateralOffsetMm: { x: exact(-1.6), y: exact(0) } }, context);
    expect(harmless).toEqual([expect.stringContaining("may stay")]);
  });

  test("turns, rolls and asks for better views", () => {
    const off = {
      ...aligned,
      lateralOffsetMm: { x: { value: 0, sigma: 0.4 }, y: exact(0) },
      aimErrorPx: { x: -100, y: 0 },
      rollMdeg: exact(-900),
      nearDistanceMm: exact(430),
    };
    expect(adviceFor(off, context)).toEqual([
      expect.stringContaining("± 0.40 mm only"),
      expect.stringContaining("2.86° left"),
      expect.stringContaining("0.90° clockwise"),
      expect.stringContaining("30 mm farther"),
    ]);
  });
});
