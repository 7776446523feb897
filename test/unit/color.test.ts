import { describe, expect, test } from "vitest";
import { colorCheckerLab } from "../../src/color/color-checker.js";
import { fitMatrix } from "../../src/color/fit-matrix.js";
import { linearSrgbOfXyz, multiply, type Triple, xyzOfLab } from "../../src/color/lab.js";

/** 8-bit sRGB that X-Rite publishes for the patches after November 2014 (cyan's red is out of gamut). */
const published = {
  "dark skin": [0, 116, 79, 65],
  "light skin": [1, 197, 144, 127],
  foliage: [3, 91, 108, 64],
  orange: [6, 224, 124, 48],
  green: [13, 61, 147, 70],
  white: [18, 241, 242, 235],
  "neutral 5": [21, 121, 121, 121],
} as const;

const encode = (linear: number): number =>
  255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);

describe("the ColorChecker's reference", () => {
  test.each(Object.entries(published))("%s has the sRGB that X-Rite publishes", (_, [index, ...srgb]) => {
    const linear = linearSrgbOfXyz(xyzOfLab(colorCheckerLab[index] as Triple));
    for (const [channel, value] of srgb.entries())
      expect(Math.abs(encode(linear[channel] as number) - value)).toBeLessThan(1.6);
  });
});

describe("fitMatrix", () => {
  const colors = colorCheckerLab.map((lab) => xyzOfLab(lab as Triple));

  test("finds the matrix that made the colors", () => {
    const matrix: [Triple, Triple, Triple] = [
      [1.7, -0.6, -0.1],
      [-0.2, 1.5, -0.3],
      [0.05, -0.7, 1.65],
    ];
    const fitted = fitMatrix(
      colors,
      colors.map((color) => multiply(matrix, color)),
    );
    for (const [row, entries] of matrix.entries())
      for (const [column, entry] of entries.entries()) expect(fitted?.[row]?.[column]).toBeCloseTo(entry, 9);
  });

  test("has no answer for colors without three dimensions", () => {
    const gray = colors.map(([, y]) => [y, y, y] as const);
    expect(fitMatrix(gray, colors)).toBeNull();
  });
});
