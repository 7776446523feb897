import { expect, test } from "vitest";
import { multiply, type Triple } from "../../src/color/lab.js";
import { srgbOfRec2020 } from "../../src/color/rec2020.js";
import { srgbLevel, srgbOfLight } from "../../src/color/srgb.js";

test("Rec.2020 to sRGB is the matrix of ITU-R BT.2407", () => {
  const published: readonly Triple[] = [
    [1.6605, -0.5876, -0.0728],
    [-0.1246, 1.1329, -0.0083],
    [-0.0182, -0.1006, 1.1187],
  ];
  for (const [r, row] of published.entries()) {
    for (const [c, entry] of row.entries()) expect(srgbOfRec2020[r]?.[c]).toBeCloseTo(entry, 3);
  }
  for (const channel of multiply(srgbOfRec2020, [1, 1, 1])) expect(channel).toBeCloseTo(1, 3);
});

test("levels are those of the curve, off by one at most, and end at 0 and 255", () => {
  for (let light = 0; light <= 1; light += 0.00037) {
    expect(Math.abs(srgbLevel(light) - 255 * srgbOfLight(light))).toBeLessThan(1);
  }
  expect([srgbLevel(-0.2), srgbLevel(0), srgbLevel(1), srgbLevel(3)]).toEqual([0, 0, 255, 255]);
});
