/**
 * The record of an aligned pair: what was made of two frames, by which calibrations, and how good it is. It
 * carries no time and no path, so that the same inputs give the same bytes. Arrays and images lie beside it.
 */
import { z } from "zod";
import { alignmentLimitsSchema } from "./alignment-limits.js";
import { rigidSchema } from "./calibration-geometry.js";
import { mountSchema } from "./rig-config.js";

const pair = z.tuple([z.number(), z.number()]);
const vector = z.tuple([z.number(), z.number(), z.number()]);
/** Row-major. */
const matrix = z.tuple([vector, vector, vector]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const perArm = <T extends z.ZodType>(schema: T) => z.strictObject({ near: schema, far: schema });
/** A number with its standard deviation. */
const measured = z.strictObject({ value: z.number(), sigma: z.number() });

/** Counts up whenever the same inputs would give other pixels or numbers. */
export const alignmentVersion = 1;

export const alignmentVerdicts = ["accept", "warn", "reject"] as const;
export type AlignmentVerdict = (typeof alignmentVerdicts)[number];

/** Why a verdict is what it is. Stable and countable; never renamed. */
export const alignmentReasons = {
  approximate: "no geometric calibration: homography and gain of a reference pair, no flow, no depth",
  "calibration-expired": "the calibration has expired",
  "no-color-calibration": "no color calibration: the arms' colors are the cameras' own",
  "no-flat-field": "the color calibration has no flat field: vignetting stays in the images",
  "stop-differs": "the calibrated stop is not quite the one of the shot",
  "no-face": "no face in both images",
  "pose-differs": "the arms show the face in different poses",
  "blink-differs": "an eye is open in one image and closed in the other",
  "face-outside": "part of the face lies outside an image",
  "eye-plane-off": "the eyes are far from the calibrated eye plane",
  "magnification-off": "the arms' magnification of the face differs from the calibration's",
  "tangential-residual": "correspondences leave the radial direction by more than the limit",
  "rig-drift": "the fitted pupil offset, roll or shift is beyond the limit",
  "color-differs": "the arms' skin colors differ by more than the limit",
  "sharpness-differs": "one image is much less sharp than the other",
  "skew-over-limit": "the exposures did not start together",
  "coverage-low": "little of the face could be matched",
  "confidence-low": "the flow's sigma is too large over much of the face",
  clipped: "too many saturated samples on the face",
} as const;
export type AlignmentReason = keyof typeof alignmentReasons;
export const alignmentReasonSchema = z.enum(
  Object.keys(alignmentReasons) as [AlignmentReason, ...AlignmentReason[]],
);

/** Zones of the near canonical image, by its face; a pixel is in one of them at most. */
export const faceZones = ["front", "jaw-side", "ears", "neck", "hair"] as const;
export type FaceZone = (typeof faceZones)[number];
const faceZoneSchema = z.enum(faceZones);

const canonicalView = z.strictObject({
  pupilMm: vector,
  /** Depth of the aim from the pupil along the canonical axis. */
  aimDepthMm: z.number(),
  focalPx: z.number(),
});

/** geometry/canonical-pair.ts; the rig frame of the calibration. */
const canonicalRecordSchema = z.strictObject({
  sizePx: z.int(),
  pxPerMm: z.number(),
  axes: matrix,
  aimMm: vector,
  epipolePx: pair,
  near: canonicalView,
  far: canonicalView,
});
export type CanonicalRecord = z.infer<typeof canonicalRecordSchema>;

/** How one frame became a canonical image: all that the one resampling was composed of. */
const resamplingSchema = z.strictObject({
  /** Of the stored frame. */
  mount: mountSchema,
  /** fx fy cx cy k1 k2 p1 p2 k3 of the upright, un-mirrored frame; null in an approximate pair. */
  intrinsics: z.array(z.number()).length(9).nullable(),
  T_camera_rig: rigidSchema.nullable(),
  /** Approximate pairs: pixel of the upright frame ~ homography · (u, v, 1) of the canonical pixel; else null. */
  homography: matrix.nullable(),
  /** Linear color of this camera to what is stored (Rec.2020, or the cameras' own): steps, one after the other. */
  color: z.array(z.strictObject({ method: z.string(), rows: z.array(z.array(z.number())) })),
  /** Stored value of color 1.0: 32768. */
  white: z.int(),
  flatField: z.boolean(),
  /** Pixels of the frame per canonical pixel, in the middle: below 1 the image is enlarged. */
  sourcePxPerPx: z.number(),
  /** Of the canonical image. */
  validShare: z.number(),
  clippedPx: z.int(),
});
export type Resampling = z.infer<typeof resamplingSchema>;

const faceSchema = z.strictObject({
  score: z.number(),
  /** left, top, right, bottom, canonical px. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** [68][x, y] flat, canonical px. */
  landmarks68: z.array(z.number()).length(136),
  irisCentres: z.tuple([pair, pair]),
  /** Turn of the head by the mesh: positive yaw to the left of the image, pitch down, roll clockwise. */
  yawDeg: z.number(),
  pitchDeg: z.number(),
  rollDeg: z.number(),
  /** Lid gap over eye width, left and right side of the image. */
  eyeOpening: pair,
});
export type AlignedFace = z.infer<typeof faceSchema>;

const rigFitSchema = z.strictObject({
  /** Where the near pupil stands, along canonical x and y, less where the calibration has it, mm. */
  nearPupilOffsetMm: z.strictObject({ x: measured, y: measured }),
  /** Turn of the near image about its middle, clockwise, thousandths of a degree. */
  rollMdeg: measured,
  /** Of the near image in the eye plane, canonical px. */
  shiftPx: z.strictObject({ x: measured, y: measured }),
  /** Correspondences used, and left out as outliers. */
  points: z.int(),
  outliers: z.int(),
  /** Of the far image, canonical px, before the fit and after it. */
  tangentialRmsPx: z.strictObject({ before: z.number(), after: z.number() }),
  /** Of what remains, over its degrees of freedom. */
  chi2: z.number(),
  /** Whether the canonical flow was corrected by it (it was significant). */
  applied: z.boolean(),
  zones: z.array(
    z.strictObject({
      zone: faceZoneSchema,
      points: z.int(),
      tangentialRmsPx: z.number(),
      chi2: z.number(),
      /** Local contrast of the match windows over their mean, rms: how much there was to match. */
      texture: z.number(),
    }),
  ),
});
export type RigFit = z.infer<typeof rigFitSchema>;

const qualitySchema = z.strictObject({
  /** Depth of the eyes towards the cameras from the calibrated eye plane, mm; null without a face or flow. */
  eyePlaneMm: measured.nullable(),
  /** (near over far size of the face at its depth) - 1 after the depth is accounted for, %. */
  magnificationError: measured.nullable(),
  tangentialRmsPx: z.number().nullable(),
  tangentialChi2: z.number().nullable(),
  /** Mean over the skin where the pair overlaps; null without color or face. */
  skinDeltaE00: z.number().nullable(),
  /** Near over far, on the face, at equal scale. */
  sharpnessRatio: z.number().nullable(),
  skewUs: z.number().nullable(),
  /** Share of the face's visible front that has measured flow. */
  coverage: z.number().nullable(),
  /** Share of that flow whose sigma is under a third of the flow's reach, or under 0.3 px. */
  confidence: z.number().nullable(),
  clippedShare: z.number(),
  /** Far side of the match, radial, px: median of the claimed sigma over the front. */
  medianSigmaPx: z.number().nullable(),
  /** Forward-backward disagreement over the front, median, px. */
  forwardBackwardPx: z.number().nullable(),
});
export type AlignmentQuality = z.infer<typeof qualitySchema>;

const usedCalibration = z.strictObject({ calibrationId: z.string(), sha256 });

export const alignmentInputSchema = z.strictObject({
  version: z.int(),
  near: z.strictObject({ sha256 }),
  far: z.strictObject({ sha256 }),
  /** Of the shot: near entrance pupil to eye plane, mm. */
  distanceMm: z.number(),
  skewUs: z.number().nullable(),
  pair: usedCalibration.nullable(),
  color: usedCalibration.nullable(),
  /** Objects of the reference pair of an approximate alignment. */
  reference: z.strictObject({ near: sha256, far: sha256 }).nullable(),
  parameters: z.strictObject({
    sizePx: z.int().min(128).max(4096),
    sideMm: z.number().min(50).max(1000),
    /** Without it neither flow nor depth are made. */
    flow: z.boolean(),
    /** Depth towards the cameras that is searched. */
    depthRangeMm: pair,
    limits: alignmentLimitsSchema,
  }),
  /** sha256 of each face network, in the order of roles. */
  faceNets: z.array(sha256),
});
export type AlignmentInput = z.infer<typeof alignmentInputSchema>;

/** What may lie beside a record; form in calibration/README.md, "What an aligned pair holds". */
export const alignmentFiles = {
  near: ".tif",
  far: ".tif",
  nearMask: ".npy",
  farMask: ".npy",
  subjectNear: ".tif",
  subjectFar: ".tif",
  subjectNearMask: ".npy",
  subjectFarMask: ".npy",
  nearToFar: ".npy",
  farToNear: ".npy",
  nearSigma: ".npy",
  farSigma: ".npy",
  nearDepth: ".npy",
  farDepth: ".npy",
  nearDepthSigma: ".npy",
  fusedNearToFar: ".npy",
  fusedFarToNear: ".npy",
  fusedNearSigma: ".npy",
  fusedFarSigma: ".npy",
  tangential: ".npy",
} as const;
export type AlignmentFileName = keyof typeof alignmentFiles;
export type AlignmentFileExtension = (typeof alignmentFiles)[AlignmentFileName];
const alignmentFileNames = Object.keys(alignmentFiles) as [AlignmentFileName, ...AlignmentFileName[]];

/** Bits of the mask images. */
export const maskBits = {
  /** Every sample of the kernel lay inside the frame. */
  valid: 1,
  /** A saturated sample went into it. */
  clipped: 2,
  head: 4,
  /** Skin of the front of the face. */
  front: 8,
  /** The other pupil sees this point. */
  visible: 16,
  /** It has measured flow. */
  measured: 32,
  /** The other pupil does not see this point, or it lies outside the other image. Neither bit: not known. */
  hidden: 64,
} as const;

export const alignmentRecordSchema = z.strictObject({
  format: z.literal("nearfar-alignment"),
  version: z.literal(1),
  input: alignmentInputSchema,
  /** Made by homography and gain of a reference pair, not by geometry. */
  approximate: z.boolean(),
  /** Rig-canonical: eye plane of the rig. Null in an approximate pair. */
  canonical: canonicalRecordSchema.nullable(),
  /** Subject-canonical: the eye plane at the measured depth of this subject's eyes. */
  subject: z
    .strictObject({
      canonical: canonicalRecordSchema,
      /** Near entrance pupil to the eyes, along the canonical axis. */
      nearDistanceMm: measured,
      farDistanceMm: measured,
      /** `flow`: from matched depth around the eyes. `scale`: from the ratio of the faces' sizes. */
      source: z.enum(["flow", "scale"]),
    })
    .nullable(),
  resampling: perArm(resamplingSchema),
  faces: perArm(faceSchema.nullable()),
  rigFit: rigFitSchema.nullable(),
  quality: qualitySchema,
  verdict: z.enum(alignmentVerdicts),
  reasons: z.array(alignmentReasonSchema),
  /** What this alignment cannot see, in sentences for people. */
  blindTo: z.array(z.string()),
  files: z.array(z.strictObject({ name: z.enum(alignmentFileNames), sha256, bytes: z.int() })),
});
export type AlignmentRecord = z.infer<typeof alignmentRecordSchema>;
