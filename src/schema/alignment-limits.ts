/** Beyond which numbers an aligned pair is warned of or rejected (`alignment` of a rig config). */
import { z } from "zod";

const positive = z.number().positive();

export const alignmentLimitsSchema = z.strictObject({
  /** Remaining tangential rms after the fit, canonical px. */
  tangentialWarnPx: positive.default(0.3),
  tangentialRejectPx: positive.default(1),
  /** Fitted pupil offset in either direction, mm, beyond its own three sigmas. */
  offsetWarnMm: positive.default(0.5),
  rollWarnMdeg: positive.default(50),
  shiftWarnPx: positive.default(2),
  /** Depth of the eyes from the eye plane, mm. */
  eyePlaneWarnMm: positive.default(40),
  eyePlaneRejectMm: positive.default(120),
  magnificationWarnPercent: positive.default(1),
  skinDeltaE00Warn: positive.default(3),
  /** Near over far, either way round. */
  sharpnessRatioWarn: positive.default(2),
  skewWarnUs: positive.default(200),
  coverageWarn: z.number().min(0).max(1).default(0.7),
  coverageReject: z.number().min(0).max(1).default(0.3),
  confidenceWarn: z.number().min(0).max(1).default(0.5),
  clippedWarn: z.number().min(0).max(1).default(0.02),
  /** Difference of the head's turn between the arms that perspective does not explain, degrees. */
  poseWarnDeg: positive.default(8),
  /** Stop of the calibration from that of the shot, mm: beyond it the calibration does not hold. */
  stopToleranceMm: positive.default(5),
});
export type AlignmentLimits = z.infer<typeof alignmentLimitsSchema>;
