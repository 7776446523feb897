import { describe, expect, it } from "vitest";
import type { CanonicalFaces } from "../../src/alignment/face/aligned-faces.js";
import type { EyeDepth } from "../../src/alignment/face/eye-depth.js";
import { cellOfPixel, gridOver } from "../../src/alignment/face/grid.js";
import { headPrior } from "../../src/alignment/face/head-prior.js";
import { genericRelief, type ReliefNode } from "../../src/alignment/face/relief.js";
import type { CanonicalPair } from "../../src/geometry/canonical-pair.js";
import type { DepthView, FuseRequest } from "../../src/native/radial-match.js";
import { depthByPoints } from "../support/depth-by-points.js";
import { type PosedFaceOptions, pairAt, posedFace, seenPoint } from "../support/posed-face.js";

type Prior = FuseRequest["prior"];

function eyesAt(pair: CanonicalPair, value: number, sigma: number): EyeDepth {
  const distance = (arm: "near" | "far") => ({ value: pair[arm].aimDepthMm - value, sigma });
  return {
    depthMm: { value, sigma },
    nearDistanceMm: distance("near"),
    farDistanceMm: distance("far"),
    source: "scale",
  };
}

/** Parts of the generic head that every head has and that do not hide each other in a frontal view. */
const faceNodes = genericRelief().nodes.filter(
  (node): node is ReliefNode => node !== null && node.sigma < 5 && Math.abs(node.x) < 45 && node.y < 85,
);

function at(
  prior: Prior,
  pair: CanonicalPair,
  px: readonly [number, number],
): { depth: number; sigma: number } {
  const [column, row] = cellOfPixel(gridOver(pair.sizePx, prior.columns), px).map(Math.round) as [
    number,
    number,
  ];
  const cell = row * prior.columns + column;
  return { depth: prior.depthMm[cell] as number, sigma: prior.sigmaMm[cell] as number };
}

/** rms over the face of (prior - true depth), and of that over the claimed sigma; truth: the head `options` tell. */
function errorOf(
  prior: Prior,
  pair: CanonicalPair,
  arm: "near" | "far",
  options: PosedFaceOptions,
  stretch = 1,
) {
  const { view } = posedFace(pair, arm, options);
  const { depthMm = 0 } = options;
  let [squares, normalised, sigmas] = [0, 0, 0];
  for (const { x, y, h } of faceNodes) {
    const { px, depthMm: generic } = seenPoint(view, options, [x, y, h]);
    const { depth, sigma } = at(prior, pair, px);
    const error = depth - (depthMm + stretch * (generic - depthMm));
    squares += error ** 2;
    normalised += (error / sigma) ** 2;
    sigmas += sigma;
  }
  const count = faceNodes.length;
  return {
    rms: Math.sqrt(squares / count),
    normalised: Math.sqrt(normalised / count),
    sigma: sigmas / count,
  };
}

function priorOf(
  distanceMm: number,
  arm: "near" | "far",
  options: PosedFaceOptions,
  eyes: { value: number; sigma: number },
  measured: ((faces: CanonicalFaces, pair: CanonicalPair) => DepthView) | null = null,
) {
  const pair = pairAt(distanceMm);
  const faces = { near: posedFace(pair, "near", options), far: posedFace(pair, "far", options) };
  const prior = headPrior({
    pair,
    arm,
    faces,
    eyes: eyesAt(pair, eyes.value, eyes.sigma),
    measured: measured?.(faces, pair) ?? null,
  }) as Prior;
  return { pair, faces, prior };
}

describe("prior of the head's depth", () => {
  it.each([
    { arm: "near", distanceMm: 300, options: { depthMm: 10 } },
    { arm: "far", distanceMm: 300, options: { depthMm: -12, scale: 1.07 } },
    { arm: "near", distanceMm: 1370, options: { yawDeg: 15, pitchDeg: -6, offsetMm: [6, -12] } },
  ] as const)(
    "is the generic head, where the face is: $arm at $distanceMm mm",
    ({ arm, distanceMm, options }) => {
      const depthMm = "depthMm" in options ? options.depthMm : 0;
      const { pair, prior } = priorOf(distanceMm, arm, options, { value: depthMm, sigma: 2 });
      expect(errorOf(prior, pair, arm, options).rms).toBeLessThan(1.5);
    },
  );

  it("ends where no head is", () => {
    const { pair, prior } = priorOf(450, "near", {}, { value: 0, sigma: 2 });
    expect(at(prior, pair, [20, 20]).depth).toBeNaN();
    expect(at(prior, pair, [1000, 500]).sigma).toBeNaN();
    expect(prior.depthMm).toHaveLength(prior.columns * prior.rows);
    for (const [cell, depth] of prior.depthMm.entries())
      expect(Number.isFinite(depth)).toBe((prior.sigmaMm[cell] as number) > 0);
  });

  it("is surest about the face, less about its sides, least about hair", () => {
    const { pair, prior, faces } = priorOf(900, "near", {}, { value: 0, sigma: 1 });
    const sigmaAt = (x: number, y: number, h: number): number =>
      at(prior, pair, seenPoint(faces.near.view, {}, [x, y, h]).px).sigma;
    expect(sigmaAt(-25, 25, 5)).toBeLessThan(7);
    expect(sigmaAt(-65, 20, -35)).toBeGreaterThan(1.5 * sigmaAt(-25, 25, 5));
    expect(sigmaAt(0, -105, -20)).toBeGreaterThan(2 * sigmaAt(-25, 25, 5));
  });

  it("takes over the uncertainty of the eyes' depth", () => {
    const sure = priorOf(1370, "near", {}, { value: 0, sigma: 2 });
    const unsure = priorOf(1370, "near", {}, { value: 0, sigma: 30 });
    expect(errorOf(unsure.prior, unsure.pair, "near", {}).sigma).toBeGreaterThan(29);
    expect(errorOf(sure.prior, sure.pair, "near", {}).sigma).toBeLessThan(9);
  });

  it("learns from measured depth where this head stands and how deep its relief is", () => {
    const options = { depthMm: 6 };
    // Eyes misjudged by 6 mm; a head 8 % deeper than the generic one; every third point measured.
    const measure = (faces: CanonicalFaces, pair: CanonicalPair): DepthView =>
      depthByPoints(pair, faces.near as NonNullable<typeof faces.near>, options, 1, (depth, i) =>
        i % 3 === 0 ? 6 + 1.08 * (depth - 6) : null,
      );
    const blind = priorOf(450, "near", options, { value: 0, sigma: 6 });
    const taught = priorOf(450, "near", options, { value: 0, sigma: 6 }, measure);
    const before = errorOf(blind.prior, blind.pair, "near", options, 1.08);
    const after = errorOf(taught.prior, taught.pair, "near", options, 1.08);
    expect(before.rms).toBeGreaterThan(5);
    expect(after.rms).toBeLessThan(2.5);
    expect(after.sigma).toBeLessThan(0.8 * before.sigma);
    expect(before.normalised).toBeLessThan(1.3);
  });

  it("places a face that only the other image shows", () => {
    const pair = pairAt(300);
    const options = { yawDeg: 8, depthMm: 0 };
    const faces = { near: posedFace(pair, "near", options), far: null };
    const request = { pair, arm: "far", eyes: eyesAt(pair, 0, 2), measured: null } as const;
    const prior = headPrior({ ...request, faces }) as Prior;
    expect(errorOf(prior, pair, "far", options).rms).toBeLessThan(2);
    expect(headPrior({ ...request, faces: { near: null, far: null } })).toBeNull();
  });
});
