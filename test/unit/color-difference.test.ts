import { describe, expect, test } from "vitest";
import { adaptation } from "../../src/color/adaptation.js";
import { colorCheckerEditions, colorCheckerPatches } from "../../src/color/color-checker.js";
import { deltaE00 } from "../../src/color/delta-e.js";
import { labOfXyz, multiply, type Triple, whiteD50, whiteD65, xyzOfLab } from "../../src/color/lab.js";
import { colorDataNeeded, colorTable, tripleOf } from "../support/color-data.js";

const pairs = colorTable("ciede2000.csv") ?? [];

describe("CIEDE2000", () => {
  // Sharma, Wu, Dalal 2005, table 1: pairs 10 and 14 have opposite hues, 17 and 20 a large and a small difference.
  test.each([
    { pair: 10, a: [50, 2.49, -0.001], b: [50, -2.49, 0.001], expected: 7.1792 },
    { pair: 14, a: [50, -0.001, 2.49], b: [50, 0.001, -2.49], expected: 4.8045 },
    { pair: 17, a: [50, 2.5, 0], b: [73, 25, -18], expected: 27.1492 },
    { pair: 20, a: [50, 2.5, 0], b: [58, 24, 15], expected: 19.4535 },
  ] as const)("pair $pair of the published table", ({ a, b, expected }) => {
    expect(Math.abs(deltaE00(a, b) - expected)).toBeLessThanOrEqual(5e-5);
    expect(deltaE00(b, a)).toBeCloseTo(deltaE00(a, b), 12);
  });

  test.skipIf(pairs.length === 0)(`all 34 published pairs to 5e-5${colorDataNeeded}`, () => {
    expect(pairs).toHaveLength(34);
    for (const row of pairs) {
      const difference = deltaE00(tripleOf(row, "L1", "a1", "b1"), tripleOf(row, "L2", "a2", "b2"));
      expect(Math.abs(difference - Number(row.dE00)), `pair ${row.pair}`).toBeLessThanOrEqual(5e-5);
    }
  });

  test("equal colors do not differ, grays included", () => {
    for (const color of [
      [50, 20, -30],
      [0, 0, 0],
      [100, 0, 0],
    ] as const)
      expect(deltaE00(color, color)).toBe(0);
  });
});

describe("L*a*b* and XYZ", () => {
  test("go back and forth, also near black and beyond white", () => {
    for (const lab of [
      [50, 30, -60],
      [3, 1, -2],
      [0.5, 0, 0],
      [110, -5, 40],
    ] as const) {
      const back = labOfXyz(xyzOfLab(lab));
      for (const [i, value] of lab.entries()) expect(back[i]).toBeCloseTo(value, 10);
    }
  });

  test("Bradford carries one white exactly to another, and back again", () => {
    const there = multiply(adaptation(whiteD50, whiteD65), whiteD50);
    for (const [i, value] of whiteD65.entries()) expect(there[i]).toBeCloseTo(value, 12);
    const color: Triple = [0.3, 0.2, 0.1];
    const back = multiply(adaptation(whiteD65, whiteD50), multiply(adaptation(whiteD50, whiteD65), color));
    for (const [i, value] of color.entries()) expect(back[i]).toBeCloseTo(value, 12);
  });
});

describe("both editions of the ColorChecker", () => {
  test.skipIf(colorDataNeeded !== "").each([
    { edition: "after-2014", file: "colorchecker24_after_nov2014.csv" },
    { edition: "before-2014", file: "colorchecker24_before_nov2014.csv" },
  ] as const)(`$edition is as published${colorDataNeeded}`, ({ edition, file }) => {
    const table = colorTable(file) ?? [];
    expect(table).toHaveLength(24);
    for (const [i, row] of table.entries()) {
      expect(row.name).toContain((colorCheckerPatches[i] as string).split(" ")[0]);
      const wanted = tripleOf(row, "L_D50", "a_D50", "b_D50");
      expect(colorCheckerEditions[edition][i], row.name).toEqual(wanted);
      const xyz = xyzOfLab(wanted);
      const published = tripleOf(row, "X_D50", "Y_D50", "Z_D50");
      for (const axis of [0, 1, 2] as const) expect(Math.abs(xyz[axis] - published[axis])).toBeLessThan(3e-4);
    }
  });

  test("differ by 0.85 in the mean and 1.95 at most, ΔE00", () => {
    const differences = colorCheckerEditions["after-2014"].map((lab, i) =>
      deltaE00(lab, colorCheckerEditions["before-2014"][i] as Triple),
    );
    expect(differences.reduce((sum, value) => sum + value, 0) / 24).toBeCloseTo(0.85, 1);
    expect(Math.max(...differences)).toBeCloseTo(1.95, 1);
  });
});
