import { describe, expect, test } from "vitest";
import { type JudgedFrame, judge, type ShotEvidence } from "../../src/capture/judge.js";
import { SessionNorms } from "../../src/capture/session-norms.js";
import { skewOf } from "../../src/capture/skew.js";
import type { FireResult, TriggerReport } from "../../src/devices/contract/trigger-board.js";
import type { FrameQuality, ReasonCode, Verdict } from "../../src/schema/records.js";

const quality: FrameQuality = { meanShare: 0.4, clippedShare: 0.001, sharpness: 0.02 };
const nearStart = 160_000n;
const farStart = 160_160n;

function report(overrides: Partial<TriggerReport> = {}): TriggerReport {
  return {
    shotId: 5,
    triggerNumber: 1,
    edgeTick: { near: 159_000n, far: 159_000n },
    feedback: {
      near: { riseTick: nearStart, fallTick: nearStart + 80_000n },
      far: { riseTick: farStart, fallTick: farStart + 80_000n },
    },
    pulseCount: { near: 1, far: 1 },
    strobeTick: farStart + 20n,
    ...overrides,
  };
}

function frame(overrides: Partial<JudgedFrame> = {}): JudgedFrame {
  return { outcome: "paired", quality, led: null, ...overrides };
}

function evidence(overrides: Partial<ShotEvidence> = {}): ShotEvidence {
  const feedbackWired = { near: true, far: true };
  const fire: FireResult = overrides.fire ?? { kind: "fired", report: report() };
  return {
    shotId: 5,
    outcome: "paired",
    fire,
    linkLost: false,
    frames: { near: frame(), far: frame() },
    skew: skewOf(fire.kind === "fired" ? fire.report : null, overrides.feedbackWired ?? feedbackWired),
    feedbackWired,
    strobe: true,
    norms: { sharpness: { near: 0.02, far: 0.02 }, exposureRatioStops: 0 },
    limits: { skewUs: 200, sharpnessShare: 0.6, clippedShare: 0.02, exposureMatchStops: 0.25 },
    ...overrides,
  };
}

const fired = (overrides: Partial<TriggerReport>): FireResult => ({
  kind: "fired",
  report: report(overrides),
});
const pulse = (riseTick: bigint) => ({ riseTick, fallTick: riseTick + 100n });

test("a shot without fault is kept, without a reason", () => {
  expect(judge(evidence())).toEqual({ verdict: "KEEP", reasons: [] });
});

describe("each fault has its verdict and its reasons", () => {
  const near = (overrides: Partial<JudgedFrame>) => ({ near: frame(overrides), far: frame() });
  const far = (overrides: Partial<JudgedFrame>) => ({ near: frame(), far: frame(overrides) });
  const led = (shotId: number, tick: bigint): JudgedFrame["led"] => ({ kind: "read", shotId, tick });
  const noPulses = { near: null, far: null };
  const cases: readonly [string, Partial<ShotEvidence>, Verdict, readonly ReasonCode[]][] = [
    [
      "near frame missing",
      { outcome: "near-missing", frames: { near: null, far: frame({ outcome: "one-sided" }) } },
      "RETAKE",
      ["near-frame-missing"],
    ],
    [
      "far frame incomplete",
      {
        outcome: "far-missing",
        frames: {
          near: frame({ outcome: "one-sided" }),
          far: frame({ outcome: "incomplete", quality: null }),
        },
      },
      "RETAKE",
      ["far-frame-incomplete"],
    ],
    [
      "no exposure pulse and no frame: the cable, not the network",
      {
        outcome: "near-missing",
        fire: fired({ feedback: { near: null, far: pulse(1n) }, strobeTick: null }),
        frames: { near: null, far: frame({ outcome: "one-sided" }) },
      },
      "BROKEN",
      ["near-no-exposure", "no-flash", "near-frame-missing"],
    ],
    [
      "no exposure pulse though frames came: nobody knows when they were exposed",
      { fire: fired({ feedback: { near: pulse(1n), far: null } }) },
      "BROKEN",
      ["far-no-exposure", "skew-not-measured"],
    ],
    ["exposed twice", { fire: fired({ pulseCount: { near: 1, far: 2 } }) }, "WARN", ["far-extra-exposure"]],
    ["strobe withheld", { fire: fired({ strobeTick: null }) }, "RETAKE", ["no-flash"]],
    [
      "refused by the board",
      {
        outcome: "not-fired",
        fire: { kind: "not-fired", reason: "safe" },
        frames: { near: null, far: null },
      },
      "RETAKE",
      ["not-fired"],
    ],
    [
      "the link broke before it could fire",
      {
        outcome: "not-fired",
        fire: { kind: "not-fired", reason: "gone" },
        linkLost: true,
        frames: { near: null, far: null },
      },
      "BROKEN",
      ["not-fired", "link-lost"],
    ],
    [
      "the link broke after fire",
      { outcome: "unknown", fire: { kind: "unknown", reason: "gone" }, frames: { near: null, far: null } },
      "BROKEN",
      ["link-lost"],
    ],
    [
      "skew over the limit, either way round",
      { skew: { us: -200.1, kind: "measured" } },
      "RETAKE",
      ["skew-over-limit"],
    ],
    [
      "assumed skew",
      {
        feedbackWired: { near: true, far: false },
        fire: fired({ feedback: { near: pulse(1n), far: null } }),
        strobe: false,
      },
      "WARN",
      ["skew-not-measured"],
    ],
    [
      "no feedback at all and delays far apart",
      {
        feedbackWired: { near: false, far: false },
        fire: fired({ feedback: noPulses, edgeTick: { near: 10_000n, far: 0n } }),
        strobe: false,
      },
      "RETAKE",
      ["skew-over-limit", "skew-not-measured"],
    ],
    ["soft", { frames: near({ quality: { ...quality, sharpness: 0.0119 } }) }, "WARN", ["near-soft"]],
    ["clipped", { frames: far({ quality: { ...quality, clippedShare: 0.021 } }) }, "WARN", ["far-clipped"]],
    [
      "exposures apart by more than a quarter stop",
      { frames: near({ quality: { ...quality, meanShare: 0.4 * 2 ** 0.26 } }) },
      "WARN",
      ["exposure-mismatch"],
    ],
    [
      "one arm dark",
      { frames: near({ quality: { ...quality, meanShare: 0 } }) },
      "WARN",
      ["exposure-mismatch"],
    ],
    ["LED counter of another shot", { frames: near({ led: led(4, nearStart) }) }, "RETAKE", ["led-mismatch"]],
    [
      "LED counter of another moment",
      { frames: far({ led: led(5, farStart + 161n) }) },
      "RETAKE",
      ["led-mismatch"],
    ],
    [
      "LED counter unreadable",
      { frames: near({ led: { kind: "unreadable", reason: "crc" } }) },
      "WARN",
      ["led-unreadable"],
    ],
  ];

  test.each(cases)("%s", (_, overrides, verdict, reasons) => {
    expect(judge(evidence(overrides))).toEqual({ verdict, reasons });
  });

  test("limits themselves pass", () => {
    const atLimits = evidence({
      skew: { us: 200, kind: "measured" },
      frames: {
        near: frame({
          quality: { ...quality, sharpness: 0.012, clippedShare: 0.02 },
          led: led(5, nearStart - 160n),
        }),
        far: frame({ led: led(5, farStart + 160n) }),
      },
    });
    expect(judge(atLimits)).toEqual({ verdict: "KEEP", reasons: [] });
  });

  test("of several reasons the worst decides and all are told once", () => {
    const judgement = judge(
      evidence({
        skew: { us: 900, kind: "measured" },
        frames: { near: frame({ led: led(4, 0n) }), far: frame({ led: led(4, 0n) }) },
      }),
    );
    expect(judgement).toEqual({ verdict: "RETAKE", reasons: ["skew-over-limit", "led-mismatch"] });
  });

  test("without norms nothing is soft and no exposure mismatches", () => {
    const norms = { sharpness: { near: null, far: null }, exposureRatioStops: null };
    const dark = { ...quality, sharpness: 0, meanShare: 0 };
    expect(judge(evidence({ norms, frames: near({ quality: dark }) })).reasons).toEqual([]);
  });
});

describe("skew", () => {
  test("is measured from both rises, positive when near is later", () => {
    expect(skewOf(report(), { near: true, far: true })).toEqual({ us: -10, kind: "measured" });
  });
  test("is unknown, not assumed, when a wired pulse is missing", () => {
    const lame = report({ feedback: { near: null, far: pulse(1n) } });
    expect(skewOf(lame, { near: true, far: true })).toEqual({ us: null, kind: "unknown" });
    expect(skewOf(null, { near: true, far: true })).toEqual({ us: null, kind: "unknown" });
  });
});

describe("session norms", () => {
  const of = (sharpness: number, meanShare = 0.4) => ({ ...quality, sharpness, meanShare });

  test("say nothing before the third shot at a distance, then the median of that distance", () => {
    const norms = new SessionNorms();
    norms.add(300, { near: of(1), far: of(10, 0.2) });
    norms.add(300, { near: of(2), far: of(20, 0.2) });
    norms.add(600, { near: of(50), far: of(50) });
    expect(norms.at(300)).toEqual({ sharpness: { near: null, far: null }, exposureRatioStops: null });
    norms.add(300, { near: of(9), far: of(30, 0.2) });
    expect(norms.at(300)).toEqual({ sharpness: { near: 2, far: 20 }, exposureRatioStops: 1 });
    norms.add(300, { near: of(4), far: of(40, 0.2) });
    expect(norms.at(300).sharpness).toEqual({ near: 3, far: 25 });
  });

  test("look back over a window", () => {
    const norms = new SessionNorms();
    for (let shot = 0; shot < 200; shot++) norms.add(300, { near: of(shot), far: of(1) });
    expect(norms.at(300).sharpness.near).toBe(149);
  });
});
