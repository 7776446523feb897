/**
 * Every record that nearfar stores or prints. Nanoseconds and ticks are decimal strings here
 * (JSON has no 64-bit integers); see calibration/README.md for the conventions.
 */
import { z } from "zod";
import { calibrationIdSchema } from "./calibration-header.js";
import { pixelFormats } from "./pixel-format.js";
import { mountSchema } from "./rig-config.js";

export const armSchema = z.enum(["near", "far"]);
export type ArmName = z.infer<typeof armSchema>;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const integerText = z.string().regex(/^-?\d+$/);
const utc = z.iso.datetime({ precision: 3 });

/** How a trigger ended; exactly one of these (DESIGN section 4). */
export const triggerOutcomes = [
  "paired",
  "near-missing",
  "far-missing",
  "both-missing",
  "not-fired",
  "unknown",
] as const;
export const triggerOutcomeSchema = z.enum(triggerOutcomes);
export type TriggerOutcome = (typeof triggerOutcomes)[number];

/** How a frame ended; exactly one of these. */
export const frameOutcomes = ["paired", "one-sided", "extra", "late", "incomplete"] as const;
export const frameOutcomeSchema = z.enum(frameOutcomes);
export type FrameOutcome = (typeof frameOutcomes)[number];

export const verdicts = ["KEEP", "WARN", "RETAKE", "BROKEN"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = (typeof verdicts)[number];

/** Why a verdict is what it is. Stable and countable; never renamed. */
export const reasonCodes = {
  "near-frame-missing": "no frame from the near camera",
  "far-frame-missing": "no frame from the far camera",
  "near-frame-incomplete": "packets of the near frame were lost",
  "far-frame-incomplete": "packets of the far frame were lost",
  "near-no-exposure": "the near camera returned no exposure pulse (trigger cable, or camera asleep)",
  "far-no-exposure": "the far camera returned no exposure pulse (trigger cable, or camera asleep)",
  "near-extra-exposure": "the near camera exposed more than once",
  "far-extra-exposure": "the far camera exposed more than once",
  "not-fired": "the board did not fire",
  "link-lost": "the link to the board was lost after fire",
  interrupted: "nearfar ended before the shot was acknowledged",
  "no-flash": "an exposure edge was missing, so the strobe was withheld",
  "skew-over-limit": "the exposures did not start together",
  "skew-not-measured": "no feedback wire: skew is assumed, not measured",
  "near-soft": "the near frame is less sharp than the session",
  "far-soft": "the far frame is less sharp than the session",
  "near-clipped": "too many saturated samples in the near frame",
  "far-clipped": "too many saturated samples in the far frame",
  "exposure-mismatch": "the arms' exposures differ more than in the rest of the session",
  "led-mismatch": "the LED counter in the pixels names another shot",
  "led-unreadable": "the LED counter could not be read",
  "operator-rejected": "the operator rejected it",
} as const;
export type ReasonCode = keyof typeof reasonCodes;
export const reasonCodeSchema = z.enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]]);

/** `measured` from both feedback edges, `assumed` from the delays, `unknown` when neither holds. */
export const skewKindSchema = z.enum(["measured", "assumed", "unknown"]);

/** Measures of one frame's pixels, on the samples as stored. */
export const frameQualitySchema = z.strictObject({
  /** Mean (sample - black) / (white - black). */
  meanShare: z.number(),
  /** Share of samples at or above the white level. */
  clippedShare: z.number(),
  /** Mean squared central-difference gradient, on green or mono samples, over squared mean signal. */
  sharpness: z.number(),
});
export type FrameQuality = z.infer<typeof frameQualitySchema>;

/** One stored frame; its object is the 16-bit TIFF. */
export const frameRecordSchema = z.strictObject({
  arm: armSchema,
  outcome: frameOutcomeSchema,
  objectSha256: sha256,
  bytes: z.int(),
  cameraSerial: z.string(),
  frameId: z.int(),
  deviceTimeNs: integerText,
  hostTimeNs: integerText,
  status: z.string(),
  pixelFormat: z.enum(pixelFormats),
  widthPx: z.int(),
  heightPx: z.int(),
  bitDepth: z.int(),
  blackLevel: z.int(),
  whiteLevel: z.int(),
  mount: mountSchema,
  exposureUs: z.number(),
  gainDb: z.number(),
  quality: frameQualitySchema.nullable(),
});
export type FrameRecord = z.infer<typeof frameRecordSchema>;

/**
 * `pair`: a shot of the plan. `sync`: a dry trigger of the arm barrier; it is accounted for like any
 * other, but its pixels are not kept: `frames` is empty and its frames are strays that name it.
 */
export const shotPurposeSchema = z.enum(["pair", "sync"]);
export type ShotPurpose = z.infer<typeof shotPurposeSchema>;

/** One trigger and all that came of it. The shot id is unique within a dataset. */
export const shotRecordSchema = z.strictObject({
  shotId: z.int().min(1),
  sessionId: z.string(),
  purpose: shotPurposeSchema,
  planIndex: z.int().nullable(),
  distanceMm: z.number(),
  expression: z.string(),
  pose: z.string(),
  repeat: z.int(),
  /** The shot that this one replaces. */
  retakeOf: z.int().nullable(),
  capturedAt: utc,
  bootId: z.string().nullable(),
  triggerNumber: z.int().nullable(),
  /** Rising edges of the trigger lines and of the feedback, board ticks. */
  edgeTick: z.strictObject({ near: integerText.nullable(), far: integerText.nullable() }),
  exposureStartTick: z.strictObject({ near: integerText.nullable(), far: integerText.nullable() }),
  exposureEndTick: z.strictObject({ near: integerText.nullable(), far: integerText.nullable() }),
  strobeTick: integerText.nullable(),
  /** Host CLOCK_MONOTONIC of the near edge by the clock model, and the model's residual. */
  hostTimeNs: integerText.nullable(),
  clockResidualUs: z.number().nullable(),
  /** near start - far start; positive: near is later. */
  skewUs: z.number().nullable(),
  skewKind: skewKindSchema,
  outcome: triggerOutcomeSchema,
  verdict: verdictSchema,
  reasons: z.array(reasonCodeSchema),
  /** Stored frames; a paired shot of purpose `pair` has exactly one paired frame per arm. */
  frames: z.array(frameRecordSchema),
});
export type ShotRecord = z.infer<typeof shotRecordSchema>;

export const subjectSchema = z.strictObject({
  /** Pseudonym; never a name. */
  subjectId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "letters, digits, dash and underscore, at most 64"),
  /** Where the signed consent lies, e.g. a form number; null: none given yet, exports will refuse. */
  consentRef: z.string().max(200).nullable(),
});
export type Subject = z.infer<typeof subjectSchema>;

export const sessionRecordSchema = z.strictObject({
  sessionId: z.string(),
  startedAt: utc,
  /** null while it runs or after a crash. */
  endedAt: utc.nullable(),
  /** With the consent reference in force when the session started; a later one does not change it. */
  subject: subjectSchema,
  rigName: z.string(),
  /** The rig config as it was in force, whole. */
  rigConfig: z.unknown(),
  plan: z.unknown(),
  /** Everything that identifies what took the pictures. */
  devices: z.unknown(),
  softwareVersion: z.string(),
  /** Ids of the calibrations in force when it started; none in records from before there were any. */
  calibrations: z.array(calibrationIdSchema).default([]),
});
export type SessionRecord = z.infer<typeof sessionRecordSchema>;

/**
 * A frame whose pixels are not kept, counted and dated: `extra` and `late` ones, incomplete ones
 * that came too late or too broken for their shot, and every frame of a `sync` shot.
 */
export const strayFrameSchema = z.strictObject({
  sessionId: z.string(),
  arm: armSchema,
  outcome: frameOutcomeSchema,
  frameId: z.int(),
  deviceTimeNs: integerText,
  hostTimeNs: integerText,
  /** The shot whose trigger it answers; null for an `extra` frame. */
  shotId: z.int().nullable(),
});
export type StrayFrame = z.infer<typeof strayFrameSchema>;

/** An operator's word on a committed shot. The shot itself is never changed by it. */
export const shotReviewSchema = z.strictObject({
  shotId: z.int().min(1),
  kind: z.enum(["rejected", "note"]),
  text: z.string().max(2000).nullable(),
  reviewedAt: utc,
});
export type ShotReview = z.infer<typeof shotReviewSchema>;

/** Sidecar beside the objects of each shot; together they can rebuild the database. */
export const shotSidecarSchema = z.strictObject({
  format: z.literal("nearfar-shot"),
  version: z.literal(1),
  shot: shotRecordSchema,
});
