import { describe, expect, it } from "vitest";
import { eyeDepth } from "../../src/alignment/face/eye-depth.js";
import { meanPoint } from "../../src/alignment/face/head-pose.js";
import { blinkDiffers, poseDifferenceDeg } from "../../src/alignment/quality/face-agreement.js";
import { flowMeasures } from "../../src/alignment/quality/flow-measures.js";
import { magnificationError } from "../../src/alignment/quality/magnification.js";
import { qualityOf } from "../../src/alignment/quality/quality-of.js";
import { sharpnessRatio } from "../../src/alignment/quality/sharpness-ratio.js";
import { skinDifference } from "../../src/alignment/quality/skin-difference.js";
import type { DepthView } from "../../src/native/radial-match.js";
import type { Resampled } from "../../src/native/resample.js";
import { depthByPoints } from "../support/depth-by-points.js";
import { seededNormal } from "../support/noise.js";
import { blankImage, pairAt, posedFace } from "../support/posed-face.js";

function viewOf(
  side: number,
  make: (i: number) => { flow: readonly [number, number]; sigma: number } | null,
): DepthView {
  const pixels = side * side;
  const view = {
    depthMm: new Float32Array(pixels).fill(Number.NaN),
    depthSigmaMm: new Float32Array(pixels).fill(Number.NaN),
    sigmaPx: new Float32Array(pixels).fill(Number.NaN),
    flow: new Float32Array(2 * pixels).fill(Number.NaN),
    visible: new Uint8Array(pixels).fill(1),
  };
  for (let i = 0; i < pixels; i++) {
    const made = make(i);
    if (made === null) continue;
    view.flow.set(made.flow, 2 * i);
    view.sigmaPx[i] = made.sigma;
  }
  return view;
}

describe("measures of the flow over the front", () => {
  const side = 40;
  const left = (i: number): boolean => i % side < side / 2;
  /** The left half is front. */
  const zones = {
    widthPx: side,
    heightPx: side,
    zones: Uint8Array.from({ length: side * side }, (_, i) => (left(i) ? 1 : 2)),
  };
  const whole = viewOf(side, () => ({ flow: [3, 0], sigma: 0.5 }));
  const back = viewOf(side, () => ({ flow: [-3, 0.25], sigma: 0.5 }));

  it("count what is measured there, and only there", () => {
    const upper = viewOf(side, (i) =>
      left(i) && i < (side * side) / 4 ? { flow: [3, 0], sigma: 0.5 } : null,
    );
    expect(flowMeasures({ near: upper, far: back }, zones).coverage).toBeCloseTo(0.25, 5);
    expect(flowMeasures({ near: whole, far: back }, zones).coverage).toBe(1);
  });

  it("do not blame the match for what the other pupil does not see", () => {
    const hidden = viewOf(side, (i) => (i < (side * side) / 2 ? { flow: [3, 0], sigma: 0.5 } : null));
    hidden.visible.fill(0, (side * side) / 2);
    expect(flowMeasures({ near: hidden, far: back }, zones).coverage).toBe(1);
  });

  it("trust flow whose sigma is small, or small beside it", () => {
    const trust = (flow: readonly [number, number], sigma: number): number | null =>
      flowMeasures({ near: viewOf(side, () => ({ flow, sigma })), far: back }, zones).confidence;
    expect(trust([0, 0], 0.29)).toBe(1);
    expect(trust([0, 0], 0.31)).toBe(0);
    expect(trust([6, 0], 1.9)).toBe(1);
    expect(trust([6, 0], 2.1)).toBe(0);
  });

  it("tell the median sigma, and how far there and back lead astray", () => {
    const measures = flowMeasures({ near: whole, far: back }, zones);
    expect(measures.medianSigmaPx).toBeCloseTo(0.5, 6);
    expect(measures.forwardBackwardPx).toBeCloseTo(0.25, 5);
  });

  it("are null of nothing", () => {
    const none = viewOf(side, () => null);
    expect(flowMeasures({ near: none, far: none }, zones)).toEqual({
      coverage: 0,
      confidence: null,
      medianSigmaPx: null,
      forwardBackwardPx: null,
    });
    const noFront = { ...zones, zones: new Uint8Array(side * side) };
    expect(flowMeasures({ near: whole, far: back }, noFront).coverage).toBeNull();
  });
});

describe("difference of the skin's color", () => {
  const pair = pairAt(450, 512);
  const skin = [0.3, 0.2, 0.15] as const;

  function skinImage(gain: readonly [number, number, number], noise = 0): Resampled {
    const image = blankImage(pair.sizePx);
    const normal = seededNormal(5);
    for (let i = 0; i < image.samples.length; i++)
      image.samples[i] = Math.max(
        0,
        32768 * (skin[i % 3] as number) * (gain[i % 3] as number) * (1 + noise * normal()),
      );
    return image;
  }

  const facesIn = (near: Resampled, far: Resampled) => ({
    near: posedFace(pair, "near", {}, near),
    far: posedFace(pair, "far", {}, far),
  });

  it("is none for one color, in spite of noise", () => {
    const [near, far] = [skinImage([1, 1, 1], 0.1), skinImage([1, 1, 1], 0.1)];
    expect(skinDifference(near, far, facesIn(near, far), null)).toBeLessThan(0.5);
  });

  it("is CIEDE2000: 5 % less light is about 1.2, a greener tint more", () => {
    const near = skinImage([1, 1, 1]);
    const dimmer = skinImage([0.95, 0.95, 0.95]);
    const greener = skinImage([1, 1.05, 1]);
    const [darker, tinted] = [dimmer, greener].map((far) =>
      skinDifference(near, far, facesIn(near, far), null),
    );
    expect(darker).toBeGreaterThan(0.8);
    expect(darker).toBeLessThan(1.6);
    expect(tinted).toBeGreaterThan(darker as number);
  });

  it("compares the places that the flow joins", () => {
    // The far image's skin is striped; the flow leads 10 px to the right, to the near image's color.
    const near = skinImage([1, 1, 1]);
    const far = skinImage([1, 1, 1]);
    const faces = facesIn(near, far);
    const half = pair.sizePx / 2;
    for (let i = 0; i < far.flags.length; i++)
      if (i % pair.sizePx < half) far.samples.set([3000, 9000, 3000], 3 * i);
    const toRight = viewOf(pair.sizePx, () => ({ flow: [half - 150, 0], sigma: 0.2 }));
    expect(skinDifference(near, far, faces, null)).toBeGreaterThan(5);
    expect(skinDifference(near, far, faces, { near: toRight, far: toRight })).toBeLessThan(0.1);
  });

  it("is null in mono, without a face, and where nothing is valid or all is clipped", () => {
    const near = skinImage([1, 1, 1]);
    const faces = facesIn(near, near);
    expect(skinDifference({ ...near, channels: 1 }, near, faces, null)).toBeNull();
    expect(skinDifference(near, near, { ...faces, far: null }, null)).toBeNull();
    const clipped = { ...near, flags: near.flags.map(() => 3) };
    expect(skinDifference(near, clipped, faces, null)).toBeNull();
  });
});

describe("ratio of sharpness", () => {
  const side = 200;
  const everywhere = new Uint8Array(side * side).fill(1);

  /** Waves of the given length, and noise that is independent from pixel to pixel. */
  function waves(periodPx: number, contrast: number, noise: number, seed: number): Resampled {
    const image = { ...blankImage(side), channels: 1 as const, samples: new Uint16Array(side * side) };
    const normal = seededNormal(seed);
    for (let i = 0; i < image.samples.length; i++) {
      const phase = (2 * Math.PI) / periodPx;
      const wave = Math.sin(phase * (i % side)) + Math.sin(phase * Math.floor(i / side));
      image.samples[i] = 8000 * (1 + contrast * wave + noise * normal());
    }
    return image;
  }

  it("is that of the contrasts, whatever the noise and the exposure", () => {
    const ratio = (noiseNear: number, noiseFar: number): number | null =>
      sharpnessRatio(waves(12, 0.2, noiseNear, 1), waves(12, 0.1, noiseFar, 2), {
        near: everywhere,
        far: everywhere,
      });
    expect(ratio(0, 0)).toBeCloseTo(2, 0.7);
    expect(ratio(0.03, 0)).toBeCloseTo(2, 0.7);
    expect(ratio(0, 0.03)).toBeCloseTo(2, 0.7);
    const bright = waves(12, 0.2, 0, 1);
    const dim = { ...bright, samples: bright.samples.map((s) => s / 4) };
    expect(sharpnessRatio(dim, waves(12, 0.1, 0, 2), { near: everywhere, far: everywhere })).toBeCloseTo(
      2,
      2,
    );
  });

  it("is null for an image of noise alone, or none of a face", () => {
    const flat = waves(12, 0, 0, 1);
    expect(sharpnessRatio(flat, waves(12, 0.1, 0, 2), { near: everywhere, far: everywhere })).toBeNull();
    const nowhere = new Uint8Array(side * side);
    expect(sharpnessRatio(waves(12, 0.1, 0, 1), flat, { near: nowhere, far: everywhere })).toBeNull();
  });
});

describe("error of the magnification", () => {
  it("is what landmarks show beyond the perspective that the flow tells", () => {
    const pair = pairAt(450);
    const options = { depthMm: 8 };
    const near = posedFace(pair, "near", options);
    const view = depthByPoints(pair, near, options, 0.5);
    const errorFor = (scale: number) => {
      const faces = { near, far: posedFace(pair, "far", { ...options, scale }) };
      return magnificationError(pair, faces, eyeDepth(pair, faces, { near: view, far: view }));
    };
    expect(errorFor(1)?.value).toBeCloseTo(0, 1);
    expect(errorFor(0.97)?.value).toBeCloseTo(3.1, 1);
    expect(errorFor(1)?.sigma).toBeGreaterThan(0.6);
    const faces = { near, far: posedFace(pair, "far", options) };
    // Depth from the sizes themselves says nothing about them.
    expect(magnificationError(pair, faces, eyeDepth(pair, faces, null))).toBeNull();
  });
});

describe("agreement of the faces", () => {
  const pair = pairAt(450);
  const near = (options: object) => posedFace(pair, "near", options);
  const far = (options: object) => posedFace(pair, "far", options);

  it("is a turn beyond what perspective makes of one head", () => {
    expect(poseDifferenceDeg(near({ yawDeg: 10 }), far({ yawDeg: 10 }))).toBe(0);
    // (1/450 - 1/1600) · 2100 = 3.4 degrees are let pass.
    expect(poseDifferenceDeg(near({ yawDeg: 10 }), far({ yawDeg: -5 }))).toBeCloseTo(15 - 3.35, 1);
    expect(poseDifferenceDeg(near({ pitchDeg: 9 }), far({ rollDeg: 9 }))).toBeGreaterThan(8);
  });

  it("is an eye that is open in both or shut in both", () => {
    expect(blinkDiffers(near({ eyeOpening: 0.35 }), far({ eyeOpening: 0.08 }))).toBe(true);
    expect(blinkDiffers(near({ eyeOpening: 0.08 }), far({ eyeOpening: 0.35 }))).toBe(true);
    expect(blinkDiffers(near({ eyeOpening: 0.07 }), far({ eyeOpening: 0.14 }))).toBe(false);
    expect(blinkDiffers(near({ eyeOpening: 0.45 }), far({ eyeOpening: 0.32 }))).toBe(false);
    expect(blinkDiffers(near({ eyeOpening: 0.24 }), far({ eyeOpening: 0.18 }))).toBe(false);
  });
});

describe("quality of a pair", () => {
  it("without faces, flow or calibration still counts what is clipped, and claims nothing else", () => {
    const near = blankImage(64, 9000);
    const far = { ...near, flags: near.flags.map((_, i) => (i % 4 === 0 ? 3 : 1)) };
    const nothing = {
      pair: null,
      rec2020: false,
      zones: null,
      match: null,
      eyes: null,
      rigFit: null,
      skewUs: null,
    };
    expect(qualityOf({ near, far, faces: { near: null, far: null }, ...nothing })).toEqual({
      eyePlaneMm: null,
      magnificationError: null,
      tangentialRmsPx: null,
      tangentialChi2: null,
      skinDeltaE00: null,
      sharpnessRatio: null,
      skewUs: null,
      coverage: null,
      confidence: null,
      clippedShare: 0.25,
      medianSigmaPx: null,
      forwardBackwardPx: null,
    });
  });

  it("counts clipped samples on the face, when there is one", () => {
    const pair = pairAt(900, 256);
    const near = blankImage(pair.sizePx, 9000);
    const far = { ...near, flags: near.flags.slice() };
    const faces = { near: posedFace(pair, "near", {}, near), far: posedFace(pair, "far", {}, far) };
    // A window in the corner.
    for (let i = 0; i < 256 * 20; i++) if (i % 256 < 40) far.flags[i] = 3;
    const input = {
      near,
      far,
      faces,
      pair,
      rec2020: true,
      zones: null,
      match: null,
      eyes: null,
      rigFit: null,
      skewUs: 12,
    };
    expect(qualityOf(input).clippedShare).toBe(0);
    const [x, y] = [
      Math.round(faces.far.face.points468[3] as number),
      Math.round(faces.far.face.points468[4] as number),
    ];
    expect(meanPoint(1)[0]).toBeCloseTo(0, 0);
    for (let v = y - 5; v <= y + 5; v++) for (let u = x - 5; u <= x + 5; u++) far.flags[v * 256 + u] = 3;
    expect(qualityOf(input).clippedShare).toBeGreaterThan(0.005);
    expect(qualityOf(input).skewUs).toBe(12);
  });
});
