import { describe, expect, it } from "vitest";
import { type VerdictContext, verdictOf } from "../../src/alignment/quality/verdict.js";
import {
  type AlignmentQuality,
  type AlignmentReason,
  alignmentReasons,
  type RigFit,
} from "../../src/schema/alignment.js";
import { alignmentLimitsSchema } from "../../src/schema/alignment-limits.js";
import { pairAt, posedFace } from "../support/posed-face.js";

const limits = alignmentLimitsSchema.parse({});
const pair = pairAt(450, 512);
const faces = { near: posedFace(pair, "near", {}), far: posedFace(pair, "far", {}) };

const good: AlignmentQuality = {
  eyePlaneMm: { value: 5, sigma: 2 },
  magnificationError: { value: 0.3, sigma: 0.6 },
  tangentialRmsPx: 0.1,
  tangentialChi2: 1,
  skinDeltaE00: 1,
  sharpnessRatio: 1.2,
  skewUs: 20,
  coverage: 0.95,
  confidence: 0.9,
  clippedShare: 0,
  medianSigmaPx: 0.2,
  forwardBackwardPx: 0.1,
};
const still: RigFit = {
  nearPupilOffsetMm: { x: { value: 0.02, sigma: 0.03 }, y: { value: -0.01, sigma: 0.03 } },
  rollMdeg: { value: 2, sigma: 3 },
  shiftPx: { x: { value: 0.1, sigma: 0.02 }, y: { value: 0, sigma: 0.02 } },
  points: 400,
  outliers: 10,
  tangentialRmsPx: { before: 0.12, after: 0.1 },
  chi2: 1,
  applied: false,
  zones: [],
};
const known: VerdictContext = {
  approximate: false,
  expired: false,
  color: true,
  flatField: true,
  stopDifferenceMm: 0.1,
};

interface Case {
  readonly quality?: Partial<AlignmentQuality>;
  readonly rigFit?: Partial<RigFit>;
  readonly context?: Partial<VerdictContext>;
  readonly faces?: Parameters<typeof verdictOf>[1];
}

const judge = (change: Case) =>
  verdictOf(
    { ...good, ...change.quality },
    change.faces ?? faces,
    { ...still, ...change.rigFit },
    { ...known, ...change.context },
    limits,
  );

const warned: readonly (readonly [AlignmentReason, Case])[] = [
  ["approximate", { context: { approximate: true } }],
  ["calibration-expired", { context: { expired: true } }],
  ["no-color-calibration", { context: { color: false, flatField: false } }],
  ["no-flat-field", { context: { flatField: false } }],
  ["stop-differs", { context: { stopDifferenceMm: -2 } }],
  ["no-face", { faces: { near: faces.near, far: null } }],
  ["pose-differs", { faces: { near: faces.near, far: posedFace(pair, "far", { yawDeg: 14 }) } }],
  ["blink-differs", { faces: { near: faces.near, far: posedFace(pair, "far", { eyeOpening: 0.06 }) } }],
  ["face-outside", { faces: { near: posedFace(pair, "near", { offsetMm: [110, 0] }), far: faces.far } }],
  ["eye-plane-off", { quality: { eyePlaneMm: { value: -60, sigma: 3 } } }],
  ["magnification-off", { quality: { magnificationError: { value: 3, sigma: 0.6 } } }],
  ["tangential-residual", { quality: { tangentialRmsPx: 0.4 } }],
  [
    "rig-drift",
    { rigFit: { nearPupilOffsetMm: { x: { value: -0.8, sigma: 0.05 }, y: { value: 0, sigma: 0.05 } } } },
  ],
  ["rig-drift", { rigFit: { rollMdeg: { value: 80, sigma: 5 } } }],
  ["rig-drift", { rigFit: { shiftPx: { x: { value: 0, sigma: 0.1 }, y: { value: 3, sigma: 0.1 } } } }],
  ["color-differs", { quality: { skinDeltaE00: 4 } }],
  ["sharpness-differs", { quality: { sharpnessRatio: 2.5 } }],
  ["sharpness-differs", { quality: { sharpnessRatio: 0.4 } }],
  ["skew-over-limit", { quality: { skewUs: -300 } }],
  ["coverage-low", { quality: { coverage: 0.5 } }],
  ["confidence-low", { quality: { confidence: 0.3 } }],
  ["clipped", { quality: { clippedShare: 0.05 } }],
];

describe("verdict on a pair", () => {
  it("is accept when nothing is wrong", () => {
    expect(judge({})).toEqual({ verdict: "accept", reasons: [] });
  });

  it.each(warned)("warns: %s", (reason, change) => {
    expect(judge(change)).toEqual({ verdict: "warn", reasons: [reason] });
  });

  it("knows a case for every reason there is", () => {
    expect(new Set(warned.map(([reason]) => reason))).toEqual(new Set(Object.keys(alignmentReasons)));
  });

  it.each([
    ["tangential-residual", { tangentialRmsPx: 1.2 }],
    ["coverage-low", { coverage: 0.2 }],
    ["eye-plane-off", { eyePlaneMm: { value: 140, sigma: 5 } }],
  ] as const)("rejects far beyond the limit: %s", (reason, quality) => {
    expect(judge({ quality })).toEqual({ verdict: "reject", reasons: [reason] });
  });

  it("does not blame a pair for what was measured too badly to tell", () => {
    const quality = {
      eyePlaneMm: { value: 150, sigma: 57 },
      magnificationError: { value: 2, sigma: 0.6 },
    };
    const rigFit = { rollMdeg: { value: 90, sigma: 30 } };
    expect(judge({ quality, rigFit }).verdict).toBe("accept");
  });

  it("does not count what could not be measured at all", () => {
    const unknown = Object.fromEntries(Object.keys(good).map((key) => [key, null]));
    const quality = { ...unknown, clippedShare: 0 } as AlignmentQuality;
    expect(verdictOf(quality, faces, null, { ...known, stopDifferenceMm: null }, limits).reasons).toEqual([]);
  });

  it("lists several reasons in the order in which they are known", () => {
    const { reasons } = judge({
      quality: { clippedShare: 0.1, tangentialRmsPx: 0.5, coverage: 0.6 },
      context: { expired: true },
    });
    const order = Object.keys(alignmentReasons);
    expect(reasons).toEqual([...reasons].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(reasons).toHaveLength(4);
  });
});
