/** Whether an aligned pair may be used, and why not. */
import type { AlignmentQuality, AlignmentReason, AlignmentVerdict, RigFit } from "../../schema/alignment.js";
import type { AlignmentLimits } from "../../schema/alignment-limits.js";
import type { CanonicalFaces } from "../face/aligned-faces.js";
import type { WithSigma } from "../face/eye-depth.js";
import { blinkDiffers, poseDifferenceDeg } from "./face-agreement.js";

/** What is known of a pair besides its numbers. */
export interface VerdictContext {
  readonly approximate: boolean;
  readonly expired: boolean;
  /** Whether the images are color calibrated. */
  readonly color: boolean;
  /** Whether a flat field was applied. */
  readonly flatField: boolean;
  /** The calibrated stop less that of the shot, mm; null without geometry. */
  readonly stopDifferenceMm: number | null;
}

export interface Verdict {
  readonly verdict: AlignmentVerdict;
  /** In the order of `alignmentReasons`. */
  readonly reasons: AlignmentReason[];
}

/** A stop further than this from the shot's is told, mm: rails repeat to better than that. */
const sameStopMm = 0.5;
/** Less of a face's area within the image's valid part is told. */
const wholeFace = 0.98;

export function verdictOf(
  quality: AlignmentQuality,
  faces: CanonicalFaces,
  rigFit: RigFit | null,
  context: VerdictContext,
  limits: AlignmentLimits,
): Verdict {
  const reasons = [
    ...contextReasons(context),
    ...faceReasons(faces, limits),
    ...geometryReasons(quality, rigFit, limits),
    ...imageReasons(quality, limits),
  ];
  const rejected =
    above(quality.tangentialRmsPx, limits.tangentialRejectPx) ||
    below(quality.coverage, limits.coverageReject) ||
    surelyAbove(quality.eyePlaneMm, limits.eyePlaneRejectMm);
  return { verdict: rejected ? "reject" : reasons.length > 0 ? "warn" : "accept", reasons };
}

type Checks = readonly (readonly [AlignmentReason, boolean])[];

function holding(checks: Checks): AlignmentReason[] {
  return checks.filter(([, holds]) => holds).map(([reason]) => reason);
}

function contextReasons({
  approximate,
  expired,
  color,
  flatField,
  stopDifferenceMm,
}: VerdictContext): AlignmentReason[] {
  return holding([
    ["approximate", approximate],
    ["calibration-expired", expired],
    ["no-color-calibration", !color],
    ["no-flat-field", color && !flatField],
    ["stop-differs", Math.abs(stopDifferenceMm ?? 0) > sameStopMm],
  ]);
}

function faceReasons({ near, far }: CanonicalFaces, limits: AlignmentLimits): AlignmentReason[] {
  const both = near !== null && far !== null;
  return holding([
    ["no-face", !both],
    ["pose-differs", both && poseDifferenceDeg(near, far) > limits.poseWarnDeg],
    ["blink-differs", both && blinkDiffers(near, far)],
    ["face-outside", [near, far].some((face) => face !== null && face.insideShare < wholeFace)],
  ]);
}

function geometryReasons(
  { eyePlaneMm, magnificationError, tangentialRmsPx }: AlignmentQuality,
  rigFit: RigFit | null,
  limits: AlignmentLimits,
): AlignmentReason[] {
  return holding([
    ["eye-plane-off", surelyAbove(eyePlaneMm, limits.eyePlaneWarnMm)],
    ["magnification-off", surelyAbove(magnificationError, limits.magnificationWarnPercent)],
    ["tangential-residual", above(tangentialRmsPx, limits.tangentialWarnPx)],
    ["rig-drift", rigFit !== null && hasDrifted(rigFit, limits)],
  ]);
}

function hasDrifted({ nearPupilOffsetMm, rollMdeg, shiftPx }: RigFit, limits: AlignmentLimits): boolean {
  return (
    surelyAbove(nearPupilOffsetMm.x, limits.offsetWarnMm) ||
    surelyAbove(nearPupilOffsetMm.y, limits.offsetWarnMm) ||
    surelyAbove(rollMdeg, limits.rollWarnMdeg) ||
    surelyAbove(shiftPx.x, limits.shiftWarnPx) ||
    surelyAbove(shiftPx.y, limits.shiftWarnPx)
  );
}

function imageReasons(quality: AlignmentQuality, limits: AlignmentLimits): AlignmentReason[] {
  const { skinDeltaE00, sharpnessRatio, skewUs, coverage, confidence, clippedShare } = quality;
  const uneven = sharpnessRatio === null ? null : Math.max(sharpnessRatio, 1 / sharpnessRatio);
  return holding([
    ["color-differs", above(skinDeltaE00, limits.skinDeltaE00Warn)],
    ["sharpness-differs", above(uneven, limits.sharpnessRatioWarn)],
    ["skew-over-limit", above(skewUs === null ? null : Math.abs(skewUs), limits.skewWarnUs)],
    ["coverage-low", below(coverage, limits.coverageWarn)],
    ["confidence-low", below(confidence, limits.confidenceWarn)],
    ["clipped", above(clippedShare, limits.clippedWarn)],
  ]);
}

function above(value: number | null, limit: number): boolean {
  return value !== null && value > limit;
}

function below(value: number | null, limit: number): boolean {
  return value !== null && value < limit;
}

/** Beyond the limit, either way, by more than three standard deviations. */
function surelyAbove(measured: WithSigma | null, limit: number): boolean {
  return measured !== null && Math.abs(measured.value) - 3 * measured.sigma > limit;
}
