import { describe, expect, test } from "vitest";
import { adaptation } from "../../src/color/adaptation.js";
import { colorCheckerEditions } from "../../src/color/color-checker.js";
import { fitColorMap, mapColor } from "../../src/color/color-map.js";
import { type ExpansionName, expansionNames } from "../../src/color/expansion.js";
import { labOfXyz, linearSrgbOfXyz, multiply, type Triple, xyzOfLab } from "../../src/color/lab.js";
import { leastSquares } from "../../src/color/least-squares.js";
import { inverseOf, type Matrix } from "../../src/color/matrix.js";
import { refineColorMap } from "../../src/color/refine-map.js";
import { colorDataNeeded, colorVectors } from "../support/color-data.js";

interface ColourScienceVectors {
  readonly MATRIX_TEST: readonly Triple[];
  readonly MATRIX_REFERENCE: readonly Triple[];
  readonly expected: Readonly<Record<string, readonly { call: string; expected: number[][] }[]>>;
}

interface OpencvVectors {
  readonly src255: readonly Triple[];
  readonly src_linear: readonly Triple[];
  readonly dst_linear_sRGB: readonly Triple[];
  readonly ccm: readonly number[];
}

const colourScience = colorVectors<ColourScienceVectors>("ccm-colour-science.json");
const nothing: OpencvVectors = { src255: [], src_linear: [], dst_linear_sRGB: [], ccm: [] };
const opencv = colorVectors<OpencvVectors>("ccm-opencv.json") ?? nothing;

/** Which of our maps a call of colour-science stands for. */
const calls: readonly (readonly [string, number, ExpansionName])[] = [
  ["test_matrix_colour_correction_Cheung2004", 0, "matrix"],
  ["test_matrix_colour_correction_Cheung2004", 1, "polynomial-7"],
  ["test_matrix_colour_correction_Finlayson2015", 0, "matrix"],
  ["test_matrix_colour_correction_Finlayson2015", 1, "root-polynomial-3"],
  ["test_matrix_colour_correction_Vandermonde", 0, "vandermonde-1"],
  ["test_matrix_colour_correction_Vandermonde", 1, "vandermonde-3"],
];

describe.skipIf(colourScience === null)(`test vectors of colour-science${colorDataNeeded}`, () => {
  test.each(calls)("%s %i: %s to 1e-6", (name, index, method) => {
    const { MATRIX_TEST: from, MATRIX_REFERENCE: to, expected } = colourScience as ColourScienceVectors;
    const map = fitColorMap(method, from, to);
    const wanted = expected[name]?.[index]?.expected as number[][];
    expect(map?.rows.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
    for (const [channel, row] of wanted.entries()) {
      for (const [term, value] of row.entries()) {
        expect(Math.abs((map?.rows[channel]?.[term] as number) - value), `${channel} ${term}`).toBeLessThan(
          1e-6,
        );
      }
    }
  });
});

/** sRGB and its whites as OpenCV's module has them; it compares under D65. */
const d65: Triple = [0.95047, 1, 1.08883];
const d50: Triple = [0.9642119944211994, 1, 0.8251882845188288];

function xyzOfSrgb(): Matrix {
  const primaries: Matrix = [
    [0.64 / 0.33, 0.3 / 0.6, 0.15 / 0.06],
    [1, 1, 1],
    [0.03 / 0.33, 0.1 / 0.6, 0.79 / 0.06],
  ];
  const [r, g, b] = multiply(inverseOf(primaries) as Matrix, d65);
  return primaries.map(([x, y, z]) => [x * r, y * g, z * b]) as unknown as Matrix;
}

describe.skipIf(opencv === nothing)(`test vectors of OpenCV${colorDataNeeded}`, () => {
  const { src255, src_linear, dst_linear_sRGB, ccm } = opencv;
  const toXyz = xyzOfSrgb();
  const from = src255.map(([r, g, b]): Triple => [(r / 255) ** 2.2, (g / 255) ** 2.2, (b / 255) ** 2.2]);
  const reference = colorCheckerEditions["before-2014"].map((lab) =>
    multiply(adaptation(d50, d65), xyzOfLab(lab, d50)),
  );
  const to = reference.map((xyz) => multiply(inverseOf(toXyz) as Matrix, xyz));
  const labOf = (rgb: Triple): Triple => labOfXyz(multiply(toXyz, rgb), d65);

  test("linear colors of camera and chart to 1e-4", () => {
    for (const [i, color] of from.entries()) {
      for (const channel of [0, 1, 2] as const) {
        expect(Math.abs(color[channel] - (src_linear[i]?.[channel] as number))).toBeLessThan(1e-4);
        const wanted = dst_linear_sRGB[i]?.[channel] as number;
        expect(Math.abs((to[i] as Triple)[channel] - wanted)).toBeLessThan(1e-4);
      }
    }
  });

  test("the matrix of least ΔE00 to 1e-4", () => {
    const start = fitColorMap("matrix", from, to);
    if (start === null) throw new Error("24 colors determine a matrix");
    const { rows } = refineColorMap(
      start,
      from,
      reference.map((xyz) => labOfXyz(xyz, d65)),
      labOf,
    );
    // OpenCV multiplies from the left: its rows are our columns.
    for (const [i, value] of ccm.entries()) {
      const ours = rows[i % 3]?.[Math.floor(i / 3)] as number;
      expect(Math.abs(ours - value), `entry ${i}`).toBeLessThan(1e-4);
    }
  });
});

describe("color maps", () => {
  const colors = colorCheckerEditions["after-2014"].map((lab) => linearSrgbOfXyz(xyzOfLab(lab)));
  const inGamut = colors.map(([r, g, b]): Triple => [Math.max(r, 0.001), g, b]);

  test.each(expansionNames)("%s gives back what made the colors", (method) => {
    const made = fitColorMap(
      method,
      inGamut,
      inGamut.map(([r, g, b]) => [g, b, r] as const),
    );
    if (made === null) throw new Error("24 colors determine the map");
    const again = fitColorMap(
      method,
      inGamut,
      inGamut.map((color) => mapColor(made, color)),
    );
    for (const color of inGamut) {
      const [one, two] = [mapColor(made, color), again && mapColor(again, color)];
      for (const channel of [0, 1, 2] as const) expect(two?.[channel]).toBeCloseTo(one[channel], 8);
    }
  });

  test("matrix and root polynomials follow the exposure, polynomials do not", () => {
    const wanted = inGamut.map(([r, g, b]): Triple => [r ** 0.9, g ** 1.1, (b + r) / 2]);
    const scales = (method: ExpansionName): number => {
      const map = fitColorMap(method, inGamut, wanted);
      if (map === null) throw new Error("24 colors determine the map");
      const [one] = mapColor(map, [0.2, 0.1, 0.3]);
      const [doubled] = mapColor(map, [0.4, 0.2, 0.6]);
      return doubled / one;
    };
    for (const method of ["matrix", "root-polynomial-2", "root-polynomial-3"] as const)
      expect(scales(method)).toBeCloseTo(2, 10);
    expect(Math.abs(scales("polynomial-7") - 2)).toBeGreaterThan(0.01);
  });

  test("noise below zero does not break a root polynomial", () => {
    const map = fitColorMap("root-polynomial-2", inGamut, inGamut);
    if (map === null) throw new Error("24 colors determine the map");
    for (const value of mapColor(map, [-0.001, 0.002, -0.003])) expect(Number.isFinite(value)).toBe(true);
  });
});

describe("leastSquares", () => {
  test("weights count as repetitions", () => {
    const rows = [
      [1, 0],
      [1, 1],
      [1, 2],
    ];
    const values = [[1], [3], [4]];
    const weighted = leastSquares(rows, values, [1, 1, 3]);
    const repeated = leastSquares([...rows, [1, 2], [1, 2]], [...values, [4], [4]]);
    for (const [i, row] of (repeated ?? []).entries())
      expect(weighted?.[i]?.[0]).toBeCloseTo(row[0] as number, 12);
  });

  test("has no answer for dependent columns or too few rows", () => {
    expect(
      leastSquares(
        [
          [1, 2],
          [2, 4],
          [3, 6],
        ],
        [[1], [2], [3]],
      ),
    ).toBeNull();
    expect(leastSquares([[1, 2]], [[1]])).toBeNull();
  });
});
