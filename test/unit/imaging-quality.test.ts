import { describe, expect, it } from "vitest";
import { measureQuality } from "../../src/imaging/frame-quality.js";
import { grayTexture } from "../support/led-panel-scene.js";
import {
  blurred,
  type CameraModel,
  camera,
  exposedBy,
  exposeSamples,
  type Scene,
} from "../support/synthetic-frame.js";

const formats = [
  { pixelFormat: "Mono12" },
  { pixelFormat: "BayerRG12" },
  { pixelFormat: "BayerGR12" },
  { pixelFormat: "RGB8", bitDepth: 8, blackLevel: 4, whiteLevel: 250 },
] as const satisfies readonly Partial<CameraModel>[];

function sharpnessOf(scene: Scene, changes: Partial<CameraModel>): number {
  return measureQuality(exposeSamples(scene, camera(240, 200, changes))).sharpness;
}

describe("measureQuality", () => {
  it("gives the mean as a share between black and white", () => {
    const flat: Scene = () => [0.25, 0.25, 0.25];
    const quality = measureQuality(exposeSamples(flat, camera(64, 48)));
    expect(quality.meanShare).toBeCloseTo(0.25, 3);
    expect(quality.clippedShare).toBe(0);
    expect(quality.sharpness).toBe(0);
  });

  it("counts saturated samples", () => {
    const halfClipped: Scene = (u) => (u < 16 ? [2, 2, 2] : [0.5, 0.5, 0.5]);
    expect(measureQuality(exposeSamples(halfClipped, camera(64, 48))).clippedShare).toBeCloseTo(0.25, 10);
  });

  it("gives a dark frame no sharpness, however noisy", () => {
    expect(sharpnessOf(() => [0, 0, 0], { noise: 20 })).toBe(0);
  });

  it("has a known value for a known wave", () => {
    // s = m (1 + a sin(k u)): mean squared central difference = (m a sin k)² / 2, over m².
    const wave: Scene = (u) => {
      const level = 0.4 * (1 + 0.5 * Math.sin(0.3 * u));
      return [level, level, level];
    };
    const expected = (0.5 * Math.sin(0.3)) ** 2 / 2;
    expect(sharpnessOf(wave, {}) / expected).toBeCloseTo(1, 1);
  });

  for (const format of formats) {
    describe(format.pixelFormat, () => {
      const sharp = sharpnessOf(grayTexture, format);

      it("falls with every step of blur", () => {
        const falling = [0, 1, 2, 3, 4].map((radius) => sharpnessOf(blurred(grayTexture, radius), format));
        for (let i = 1; i < falling.length; i++) {
          expect(falling[i]).toBeLessThan(0.95 * (falling[i - 1] as number));
        }
      });

      it("does not depend on the exposure", () => {
        for (const factor of [0.25, 0.5, 1.4]) {
          const share = sharpnessOf(exposedBy(grayTexture, factor), format) / sharp;
          expect(share).toBeGreaterThan(0.97);
          expect(share).toBeLessThan(1.03);
        }
      });

      it("does not depend on the noise", () => {
        const range = camera(1, 1, format).whiteLevel;
        for (const noise of [0.005, 0.02, 0.05]) {
          const share = sharpnessOf(grayTexture, { ...format, noise: noise * range, seed: 11 }) / sharp;
          expect(Math.abs(share - 1)).toBeLessThan(0.05);
        }
      });
    });
  }
});
