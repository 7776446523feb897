/** Records of geometric calibrations: of one camera, and of the near/far pair at all its stops. */
import { z } from "zod";
import { calibrationHeader } from "./calibration-header.js";

const pair = z.tuple([z.number(), z.number()]);
const vector = z.tuple([z.number(), z.number(), z.number()]);
/** Unit quaternion (w, x, y, z). */
const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()]);
/** `T_b_a`: p_b = rotation · p_a + translation. */
export const rigidSchema = z.strictObject({ rotation: quaternion, translationMm: vector });

const nineNumbers = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);

/** fx fy cx cy k1 k2 p1 p2 k3: the names of the nine numbers of a camera, px and OpenCV's order. */
export const intrinsicNames = ["fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3"] as const;

/** Upright, un-mirrored images; (0, 0) is the centre of the top left pixel. */
export const solvedCameraSchema = z.strictObject({
  /** Width and height. */
  imageSizePx: z.tuple([z.int(), z.int()]),
  /** fx fy cx cy k1 k2 p1 p2 k3. */
  intrinsics: nineNumbers,
  /** One standard deviation of each; 0 where it was held fixed. */
  sigma: nineNumbers,
  free: z.array(z.boolean()).length(9),
});
export type SolvedCamera = z.infer<typeof solvedCameraSchema>;

/** A board's inner corners as they were taken to lie, so that the record can be solved again by itself. */
export const calibrationBoardSchema = z.strictObject({
  id: z.string(),
  /** [id]: mm in the board's own frame (target.ts); null: no such corner. */
  cornersMm: z.array(vector),
  squareMm: z.number(),
  /**
   * Bend found: mm out of the plane at the board's middle relative to its ends, across and down; null when held
   * flat. Like mrcal's two terms: z += a(1 - x²) + b(1 - y²) with x, y from -1 to 1 over the corners.
   */
  warpMm: pair.nullable(),
  /** [id]: how far each corner was found from its nominal place, the warp left out; null when not solved for. */
  shapeMm: z.array(vector).nullable(),
});
export type CalibrationBoard = z.infer<typeof calibrationBoardSchema>;

/** The corners of one board in one image, used or not. Arrays run alongside each other. */
export const boardSightingSchema = z.strictObject({
  ids: z.array(z.int()),
  /** [x, y] of each, flat. */
  pointsPx: z.array(z.number()),
  /** As the detector claims it; null where it is not known. */
  sigmaPx: z.array(z.number()).nullable(),
  /** Projected minus seen, [x, y] of each, flat. Outliers have theirs too; empty where the sighting was not used. */
  residualsPx: z.array(z.number()),
  /** Indices of corners that the solve left out. */
  outliers: z.array(z.int()),
  /** Whether the image was un-mirrored before this; null: nobody looked at a marker. */
  mirroredInFile: z.boolean().nullable(),
});
export type BoardSighting = z.infer<typeof boardSightingSchema>;

/** Values over an image or over a plane, row-major. */
export const gridMapSchema = z.strictObject({
  title: z.string(),
  unit: z.string(),
  columns: z.int(),
  rows: z.int(),
  /** First and last sample's place, [x, y]. */
  from: pair,
  to: pair,
  /** What x and y are: px of the image, mm in a plane. */
  placeUnit: z.enum(["px", "mm"]),
  /** Null where there is none. */
  values: z.array(z.number().nullable()),
});
export type GridMap = z.infer<typeof gridMapSchema>;

/** Both conventions and the honest one beside them, px. */
const fitErrors = z.strictObject({
  /** Root mean square distance of a point (OpenCV's). */
  rmsPointPx: z.number(),
  /** The same per coordinate (mrcal's): smaller by √2. */
  rmsCoordinatePx: z.number(),
  /**
   * Per point on images that the intrinsics were not fitted to; null with fewer than 6 views. In a pair the boards'
   * shapes and scales, the outliers and the choice of distortion terms come from all views, so there it is a little
   * too good.
   */
  heldOutRmsPx: z.number().nullable(),
  /** One coordinate's standard deviation as the residuals tell it, degrees of freedom counted. */
  noiseSigmaPx: z.number(),
  points: z.int(),
  outliers: z.int(),
});
export type FitErrors = z.infer<typeof fitErrors>;

export const cameraCalibration = z.strictObject({
  ...calibrationHeader,
  kind: z.literal("camera"),
  /** What it was solved with beside the observations. */
  solve: z.strictObject({
    /** Whether the board's bend was solved for. */
    warp: z.boolean(),
    /** Standard deviation of each corner's place on the board; null: places are exact. */
    shapeSigmaMm: z.number().nullable(),
    /** Cauchy's loss from this many standard deviations on; null: plain squares. */
    robustSigmas: z.number().nullable(),
    /** How the images had to lie. */
    expected: z.enum(["as-seen", "mirrored", "any"]),
    /** A distance that uncertainty was asked for beside that of the boards; null: none. */
    distanceMm: z.number().nullable(),
  }),
  camera: solvedCameraSchema,
  errors: fitErrors,
  board: calibrationBoardSchema,
  views: z.array(
    z.strictObject({
      /** File name or number of the image. */
      image: z.string(),
      /** Null where the board was not found. */
      sighting: boardSightingSchema.nullable(),
      /** Null where the image was not used. */
      T_camera_board: rigidSchema.nullable(),
      /** Why it was not used; null where it was. */
      message: z.string().nullable(),
    }),
  ),
  /** One-sigma projection uncertainty, px, of a point at a distance from the camera. */
  uncertainty: z.array(z.strictObject({ distanceMm: z.number(), map: gridMapSchema })),
  /** Distance, px, between the models of odd and even images, at the first of those distances. */
  crossValidation: gridMapSchema.nullable(),
});
export type CameraCalibration = z.infer<typeof cameraCalibration>;

/** A number with its standard deviation. */
const measured = z.strictObject({ value: z.number(), sigma: z.number() });
export type Measured = z.infer<typeof measured>;

/** What the operator may turn at one stop. Signs: calibration/README.md, "Read-outs of the pair". */
const readOuts = z.strictObject({
  /** Far pupil from the near camera's line of sight to the face point, along the rig's x and y, mm. */
  lateralOffsetMm: z.strictObject({ x: measured, y: measured }),
  /** Near camera's turn against the far one, thousandths of a degree. */
  pitchMdeg: measured,
  yawMdeg: measured,
  rollMdeg: measured,
  /** How far the near view's aim is from the face point, px of the near image. */
  aimErrorPx: z.strictObject({ x: z.number(), y: z.number() }),
  /** Between the pupils along the line of sight, mm. */
  pupilSeparationMm: measured,
  /** Near pupil to face point, mm. */
  nearDistanceMm: measured,
  farDistanceMm: measured,
  /** Near over far magnification in the eye plane (image px per mm each). */
  magnificationRatio: measured,
  /** Greatest error of the predicted flow at the ear from all the sigmas, canonical px. */
  earFlowSigmaPx: z.number(),
  /** Canonical px by which near and far disagree over the eye plane, rms; from boards seen by both. */
  overlayRmsPx: z.number().nullable(),
  /** What to turn which way, one sentence each; empty when nothing needs it. */
  advice: z.array(z.string()),
});
export type ReadOuts = z.infer<typeof readOuts>;

export const pairCalibration = z.strictObject({
  ...calibrationHeader,
  kind: z.literal("pair"),
  /** What it was solved with beside the observations. */
  solve: z.strictObject({
    /** Standard deviation of each corner's place on a board, along each axis; 0: boards are exact. */
    boardErrorMm: z.number(),
    /** Far pupil to eye plane as the rig config had it. */
    farDistanceMm: z.number(),
  }),
  /** Rig frame: the far camera's (calibration/README.md). */
  far: solvedCameraSchema,
  stops: z.array(
    z.strictObject({
      /** Where the rail was told to stand, mm from near pupil to eye plane. */
      distanceMm: z.number(),
      near: solvedCameraSchema,
      /** T_near_far. */
      T_camera_rig: rigidSchema,
      readOuts,
    }),
  ),
  /** Stops that had too few views to be solved. */
  unsolvedStops: z.array(z.strictObject({ distanceMm: z.number() })),
  /** Where faces stand: through `pointMm`, across the rig's axis. */
  eyePlane: z.strictObject({
    pointMm: vector,
    normal: vector,
    /** `board`: from boards held there; `config`: from the rig config's distance. */
    source: z.enum(["board", "config"]),
  }),
  /**
   * Of all free parameters of all cameras, poses of boards marginalised: names as `far.fx`, `450.k1`, `450.rx`
   * (rotation vector of T_near_far, rad, then tx ty tz, mm).
   */
  covariance: z.strictObject({
    names: z.array(z.string()),
    /** Row-major, names × names. */
    values: z.array(z.number()),
  }),
  errors: z.strictObject({ near: fitErrors, far: fitErrors }),
  boards: z.array(calibrationBoardSchema),
  views: z.array(
    z.strictObject({
      name: z.string(),
      /** Index into `boards`. */
      board: z.int(),
      /** Index into `stops` followed by `unsolvedStops`. */
      stop: z.int(),
      /** `eye-plane`: the board stood where faces stand. */
      role: z.enum(["eye-plane", "pose"]),
      near: boardSightingSchema.nullable(),
      far: boardSightingSchema.nullable(),
      /** Null where neither sighting was used. */
      T_rig_board: rigidSchema.nullable(),
      /** What was not used, and why; null where all that was seen was used. */
      unused: z.string().nullable(),
    }),
  ),
  /** How far the near camera came back from its place between two visits of a stop, mm; null: not tried. */
  returnErrorMm: z.number().nullable(),
  /** One-sigma error of the far → near mapping over the eye plane, canonical px, one a stop. */
  uncertainty: z.array(z.strictObject({ distanceMm: z.number(), map: gridMapSchema })),
  crossValidation: z.array(z.strictObject({ distanceMm: z.number(), map: gridMapSchema })),
});
export type PairCalibration = z.infer<typeof pairCalibration>;
