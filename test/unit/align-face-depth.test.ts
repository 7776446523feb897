import { describe, expect, it } from "vitest";
import type { CanonicalFace } from "../../src/alignment/face/aligned-faces.js";
import { type EyeDepth, eyeDepth } from "../../src/alignment/face/eye-depth.js";
import type { RadialMatch } from "../../src/native/radial-match.js";
import { depthByPoints } from "../support/depth-by-points.js";
import { seededNormal } from "../support/noise.js";
import { type PosedFaceOptions, pairAt, posedFace } from "../support/posed-face.js";

function facesOf(distanceMm: number, options: PosedFaceOptions) {
  const pair = pairAt(distanceMm);
  return {
    pair,
    faces: { near: posedFace(pair, "near", options), far: posedFace(pair, "far", options) },
  };
}

type Measured = (depthMm: number, index: number) => number | null;

function byFlow(
  distanceMm: number,
  options: PosedFaceOptions,
  sigmaMm: number,
  measured?: Measured,
): EyeDepth {
  const { pair, faces } = facesOf(distanceMm, options);
  const view = depthByPoints(pair, faces.near, options, sigmaMm, measured);
  return eyeDepth(pair, faces, { near: view, far: view }) as EyeDepth;
}

describe("depth of the eyes by the flow", () => {
  it.each([
    { depthMm: 0 },
    { depthMm: 12, scale: 0.93 },
    { depthMm: -15, scale: 1.08, yawDeg: 20, pitchDeg: -8, offsetMm: [10, -15] as const },
  ])("is that of the point midway between the pupils: %o", (options) => {
    const { depthMm, nearDistanceMm, farDistanceMm, source } = byFlow(450, options, 0.5);
    expect(source).toBe("flow");
    expect(Math.abs(depthMm.value - options.depthMm)).toBeLessThan(0.5);
    const { pair } = facesOf(450, options);
    expect(nearDistanceMm.value).toBeCloseTo(pair.near.aimDepthMm - depthMm.value, 9);
    expect(farDistanceMm.value).toBeCloseTo(pair.far.aimDepthMm - depthMm.value, 9);
    expect(nearDistanceMm.sigma).toBe(depthMm.sigma);
  });

  it("does not believe outliers, as highlights and lashes give them", () => {
    const { depthMm } = byFlow(450, { depthMm: 5 }, 0.5, (depth, i) => (i % 6 === 0 ? depth + 60 : depth));
    expect(Math.abs(depthMm.value - 5)).toBeLessThan(0.7);
  });

  it("claims a sigma that holds its error, and never less than people differ", () => {
    const normal = seededNormal(7);
    const sharp = byFlow(450, {}, 0.2);
    expect(sharp.depthMm.sigma).toBeGreaterThanOrEqual(2);
    const noisy = byFlow(900, {}, 8, (depth) => depth + 8 * normal());
    expect(noisy.depthMm.sigma).toBeGreaterThan(sharp.depthMm.sigma);
    expect(Math.abs(noisy.depthMm.value)).toBeLessThan(3 * noisy.depthMm.sigma);
  });
});

describe("depth of the eyes by the ratio of sizes", () => {
  it.each([-20, 0, 10])("is exact where the pupils are: %d mm", (depthMm) => {
    const { pair, faces } = facesOf(300, { depthMm });
    const found = eyeDepth(pair, faces, null) as EyeDepth;
    expect(found.source).toBe("scale");
    expect(found.depthMm.value).toBeCloseTo(depthMm, 1);
  });

  it("knows less the more alike the perspectives are", () => {
    const sigmaAt = (distanceMm: number): number => {
      const { pair, faces } = facesOf(distanceMm, {});
      return (eyeDepth(pair, faces, null) as EyeDepth).depthMm.sigma;
    };
    expect(sigmaAt(250)).toBeCloseTo(0.006 / (1 / 250 - 1 / 1600), 2);
    expect(sigmaAt(1370)).toBeCloseTo(0.006 / (1 / 1370 - 1 / 1600), 0);
  });

  it("steps in where the eyes were not matched", () => {
    const { pair, faces } = facesOf(450, { depthMm: 8 });
    const nothing = depthByPoints(pair, faces.near, {}, 1, () => null);
    const match: RadialMatch = { near: nothing, far: nothing };
    expect(eyeDepth(pair, faces, match)?.source).toBe("scale");
    const far: CanonicalFace | null = null;
    expect(eyeDepth(pair, { near: faces.near, far }, match)).toBeNull();
  });
});
