import { describe, expect, test } from "vitest";
import { measureGhost } from "../../src/calibration/light/ghost.js";
import {
  expectedGhostPx,
  ghostSeparationMm,
  thicknessOfSeparation,
} from "../../src/calibration/light/plate-ghost.js";
import { findSpot } from "../../src/calibration/light/spot.js";
import { ImageMean } from "../../src/imaging/image-mean.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import { seededNormal } from "../support/noise.js";

const [widthPx, heightPx] = [320, 240];
const main = [140.3, 119.6] as const;

interface Light {
  readonly exposure?: number;
  readonly ghost?: { readonly offset: readonly [number, number]; readonly strength: number };
  readonly sigmaPx?: number;
  /** Strength of a halo that falls off slowly, share of the peak. */
  readonly halo?: number;
  /** A streak to the right of the light, as a starburst makes. */
  readonly streak?: number;
  readonly noise?: number;
  readonly seed?: number;
  readonly peak?: number;
}

/** A point light on velvet, clipped at full scale. */
function pointLight(light: Light): LinearImage {
  const { exposure = 1, ghost, sigmaPx = 1.6, halo = 0, streak = 0, noise = 0, seed = 1, peak = 0.8 } = light;
  const normal = seededNormal(seed);
  const spot = (dx: number, dy: number): number => Math.exp(-(dx * dx + dy * dy) / (2 * sigmaPx * sigmaPx));
  const shares = new Float32Array(new SharedArrayBuffer(4 * widthPx * heightPx));
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [dx, dy] = [x - main[0], y - main[1]];
      let value = spot(dx, dy) + halo / (1 + (dx * dx + dy * dy) / 25);
      if (ghost !== undefined) value += ghost.strength * spot(dx - ghost.offset[0], dy - ghost.offset[1]);
      if (dx > 0) value += streak * Math.exp(-dx / 12 - (dy * dy) / 2);
      shares[y * widthPx + x] = Math.min(1, 0.004 + peak * exposure * value + noise * normal());
    }
  }
  return { widthPx, heightPx, channels: 1, shares };
}

describe("the ghost of a point light", () => {
  test.each([
    [0.016, 10.7],
    [0.027, 10.7],
    [0.02, 40.2],
    [0.02, -23.4],
  ])("of strength %f, %f px aside, is found to 0.15 px and 10 %% in noise", async (strength, offset) => {
    const images = [1, 2, 3, 4].map((seed) =>
      pointLight({ ghost: { offset: [offset, 0.6], strength }, noise: 0.002, halo: 0.004, seed }),
    );
    const mean = new ImageMean();
    for (const image of images) await mean.add(image);
    const found = await measureGhost({ main: await mean.mean() });
    expect(Math.hypot((found?.offsetPx[0] ?? 0) - offset, (found?.offsetPx[1] ?? 0) - 0.6)).toBeLessThan(
      0.15,
    );
    expect(Math.abs((found?.strength ?? 0) / strength - 1)).toBeLessThan(0.1);
    expect(Math.hypot((found?.mainPx[0] ?? 0) - main[0], (found?.mainPx[1] ?? 0) - main[1])).toBeLessThan(
      0.03,
    );
  });

  test("comes out of the long shot when the short one hardly shows it", async () => {
    const scene = { ghost: { offset: [12.4, -0.3] as const, strength: 0.018 }, noise: 0.004 };
    const found = await measureGhost({
      main: pointLight({ ...scene, exposure: 0.5 }),
      long: { image: pointLight({ ...scene, exposure: 8, seed: 2 }), exposureRatio: 16 },
    });
    expect(Math.abs((found?.offsetPx[0] ?? 0) - 12.4)).toBeLessThan(0.1);
    expect(Math.abs((found?.strength ?? 0) / 0.018 - 1)).toBeLessThan(0.05);
  });

  test("is not invented where there is only noise, a halo or a streak", async () => {
    await expect(measureGhost({ main: pointLight({ noise: 0.003 }) })).resolves.toBeNull();
    await expect(measureGhost({ main: pointLight({ halo: 0.02, noise: 0.001 }) })).resolves.toBeNull();
    await expect(measureGhost({ main: pointLight({ streak: 0.03, noise: 0.001 }) })).resolves.toBeNull();
  });

  test("is refused where the main image saturates, and where there is no light", async () => {
    await expect(measureGhost({ main: pointLight({ exposure: 2 }) })).rejects.toThrow(
      expect.objectContaining({ code: "CALIBRATION_REFUSED", advice: expect.stringMatching(/shorter/) }),
    );
    await expect(measureGhost({ main: pointLight({ peak: 0, noise: 0.003 }) })).rejects.toThrow(
      expect.objectContaining({ code: "CALIBRATION_FAILED" }),
    );
  });
});

test("a bright column at the left edge hangs together with itself, not with the right end of the row above", () => {
  const [widthPx, heightPx] = [60, 40];
  const data = new Float32Array(widthPx * heightPx);
  for (let y = 10; y < 14; y++) {
    for (let x = 0; x < 4; x++) data[y * widthPx + x] = 0.8;
    for (let x = 52; x < 60; x++) data[(y - 1) * widthPx + x] = 0.7;
  }
  const { xPx, radiusPx } = findSpot({ widthPx, heightPx, data });
  expect(radiusPx).toBeCloseTo(Math.sqrt(16 / Math.PI), 6);
  expect(xPx).toBeLessThan(4);
});

describe("the ghost of a plate", () => {
  test("of 3 mm at 45° stands 2.230 mm aside, and tells the thickness", () => {
    const glass = { thicknessMm: 3, refractiveIndex: 1.52 };
    expect(ghostSeparationMm(glass)).toBeCloseTo(2.23, 3);
    expect(thicknessOfSeparation(2.23, 1.52)).toBeCloseTo(3, 3);
    expect(expectedGhostPx(glass, 7447 / 300)[0]).toBeCloseTo(55.35, 2);
  });
});
