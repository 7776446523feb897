/** The verdict on one shot, with coded reasons. Pure. */
import type { Arm, FireResult, TriggerReport } from "../devices/contract/trigger-board.js";
import type { LedReading } from "../imaging/led-counter.js";
import type { FrameOutcome, FrameQuality, ReasonCode, TriggerOutcome, Verdict } from "../schema/records.js";
import type { RigLimits } from "../schema/rig-config.js";
import { arms, type PerArm } from "./rig.js";
import { exposureRatioStops, type Norms } from "./session-norms.js";
import type { Skew } from "./skew.js";

export interface JudgedFrame {
  readonly outcome: FrameOutcome;
  readonly quality: FrameQuality | null;
  /** null when the rig has no LED counter. */
  readonly led: LedReading | null;
}

export interface ShotEvidence {
  readonly shotId: number;
  readonly outcome: TriggerOutcome;
  readonly fire: FireResult;
  /** The link to the board was down when the trigger ended. */
  readonly linkLost: boolean;
  readonly frames: PerArm<JudgedFrame | null>;
  readonly skew: Skew;
  readonly feedbackWired: PerArm<boolean>;
  readonly strobe: boolean;
  readonly norms: Norms;
  readonly limits: Pick<RigLimits, "skewUs" | "sharpnessShare" | "clippedShare" | "exposureMatchStops">;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly ReasonCode[];
}

/** Ticks that the LED counter may differ from the feedback pulse: 10 µs. */
const ledToleranceTicks = 160n;

/**
 * How bad each reason is. BROKEN: the hardware is at fault, the next shot will fail too. RETAKE:
 * this shot is lost, the rig works. WARN: usable, worth a look.
 */
const severity: Readonly<Record<ReasonCode, Exclude<Verdict, "KEEP">>> = {
  "near-frame-missing": "RETAKE",
  "far-frame-missing": "RETAKE",
  "near-frame-incomplete": "RETAKE",
  "far-frame-incomplete": "RETAKE",
  "near-no-exposure": "BROKEN",
  "far-no-exposure": "BROKEN",
  "near-extra-exposure": "WARN",
  "far-extra-exposure": "WARN",
  "not-fired": "RETAKE",
  "link-lost": "BROKEN",
  interrupted: "RETAKE",
  "no-flash": "RETAKE",
  "skew-over-limit": "RETAKE",
  "skew-not-measured": "WARN",
  "near-soft": "WARN",
  "far-soft": "WARN",
  "near-clipped": "WARN",
  "far-clipped": "WARN",
  "exposure-mismatch": "WARN",
  "led-mismatch": "RETAKE",
  "led-unreadable": "WARN",
  "operator-rejected": "RETAKE",
};

const rank: readonly Verdict[] = ["KEEP", "WARN", "RETAKE", "BROKEN"];

export function judge(evidence: ShotEvidence): Judgement {
  const reasons = [
    ...reasonsOfFire(evidence),
    ...arms.flatMap((arm) => reasonsOfFrame(arm, evidence)),
    ...(evidence.outcome === "paired" ? reasonsOfPair(evidence) : []),
  ];
  const unique = [...new Set(reasons)];
  const verdict = unique.reduce<Verdict>((worst, reason) => worseOf(worst, severity[reason]), "KEEP");
  return { verdict, reasons: unique };
}

function worseOf(a: Verdict, b: Verdict): Verdict {
  return rank.indexOf(a) >= rank.indexOf(b) ? a : b;
}

function reasonsOfFire(evidence: ShotEvidence): readonly ReasonCode[] {
  const { fire } = evidence;
  switch (fire.kind) {
    case "not-fired":
      return evidence.linkLost ? ["not-fired", "link-lost"] : ["not-fired"];
    case "unknown":
      return ["link-lost"];
    case "fired":
      return [
        ...arms.flatMap((arm) => reasonsOfExposure(arm, fire.report, evidence)),
        ...(evidence.strobe && fire.report.strobeTick === null ? (["no-flash"] as const) : []),
      ];
  }
}

function reasonsOfExposure(arm: Arm, report: TriggerReport, evidence: ShotEvidence): readonly ReasonCode[] {
  if (!evidence.feedbackWired[arm]) return [];
  if (report.feedback[arm] === null) return [`${arm}-no-exposure`];
  return report.pulseCount[arm] > 1 ? [`${arm}-extra-exposure`] : [];
}

function reasonsOfFrame(arm: Arm, evidence: ShotEvidence): readonly ReasonCode[] {
  if (evidence.fire.kind !== "fired") return [];
  const frame = evidence.frames[arm];
  if (frame === null) return [`${arm}-frame-missing`];
  return frame.outcome === "incomplete" ? [`${arm}-frame-incomplete`] : [];
}

function reasonsOfPair(evidence: ShotEvidence): readonly ReasonCode[] {
  return [
    ...reasonsOfSkew(evidence),
    ...arms.flatMap((arm) => reasonsOfQuality(arm, evidence)),
    ...reasonsOfExposureMatch(evidence),
    ...arms.flatMap((arm) => reasonsOfLed(arm, evidence)),
  ];
}

function reasonsOfSkew({ skew, limits }: ShotEvidence): readonly ReasonCode[] {
  const over: readonly ReasonCode[] =
    skew.us !== null && Math.abs(skew.us) > limits.skewUs ? ["skew-over-limit"] : [];
  return skew.kind === "measured" ? over : [...over, "skew-not-measured"];
}

function reasonsOfQuality(arm: Arm, { frames, norms, limits }: ShotEvidence): readonly ReasonCode[] {
  const quality = frames[arm]?.quality;
  if (quality === undefined || quality === null) return [];
  const usual = norms.sharpness[arm];
  const reasons: ReasonCode[] = [];
  if (usual !== null && quality.sharpness < usual * limits.sharpnessShare) reasons.push(`${arm}-soft`);
  if (quality.clippedShare > limits.clippedShare) reasons.push(`${arm}-clipped`);
  return reasons;
}

function reasonsOfExposureMatch({ frames, norms, limits }: ShotEvidence): readonly ReasonCode[] {
  const near = frames.near?.quality;
  const far = frames.far?.quality;
  if (!near || !far || norms.exposureRatioStops === null) return [];
  const ratio = exposureRatioStops({ near, far });
  const matches = ratio !== null && Math.abs(ratio - norms.exposureRatioStops) <= limits.exposureMatchStops;
  return matches ? [] : ["exposure-mismatch"];
}

function reasonsOfLed(arm: Arm, { frames, fire, shotId }: ShotEvidence): readonly ReasonCode[] {
  const led = frames[arm]?.led;
  if (!led) return [];
  if (led.kind === "unreadable") return ["led-unreadable"];
  if (led.shotId !== shotId) return ["led-mismatch"];
  const pulse = fire.kind === "fired" ? fire.report.feedback[arm] : null;
  if (pulse === null) return [];
  const difference = led.tick - pulse.riseTick;
  return difference > ledToleranceTicks || difference < -ledToleranceTicks ? ["led-mismatch"] : [];
}
