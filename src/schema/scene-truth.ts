/**
 * What a shot of the virtual rig really shows: the answer of the op `sceneTruth`, `scene` in that of `truth`
 * (calibration/README.md, "Truth of the virtual rig").
 *
 * Rig frame, mm, unless said otherwise. Pixels are those of the upright, un-mirrored image, (0, 0) the
 * centre of the top left one. The near camera is its virtual (unfolded) self.
 */
import { z } from "zod";
import { truthArray } from "./truth-array.js";
import { virtualSceneSchema } from "./virtual-scene.js";

const pair = z.tuple([z.number(), z.number()]);
const vector = z.tuple([z.number(), z.number(), z.number()]);
/** Row-major. */
const matrix = z.tuple([vector, vector, vector]);
/** Unit quaternion (w, x, y, z), w not negative. */
const rotation = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** `T_b_a`: p_b = rotation · p_a + translation. */
const rigid = z.strictObject({ rotation, translationMm: vector });
export type RigidTruth = z.infer<typeof rigid>;

const ofBothArms = <T extends z.ZodType>(schema: T) => z.strictObject({ near: schema, far: schema });

const exposure = z.strictObject({
  /**
   * Centre of the light that exposed the frame (of a rolling shutter: its middle row), seconds since the
   * motion began: when a scene with another motion, target or target pose was set.
   */
  midS: z.number(),
  exposureUs: z.number(),
  /** A strobe pulse fell into it. */
  strobe: z.boolean(),
});

const armTruth = z.strictObject({
  /** Width and height. */
  imageSize: z.tuple([z.int(), z.int()]),
  /** Pinhole of the camera as built; far: of the bare camera, without the plate. */
  fxPx: z.number(),
  fyPx: z.number(),
  cxPx: z.number(),
  cyPx: z.number(),
  /** Brown's k1 k2 p1 p2 k3, OpenCV's order. An honest rig has terms beyond them. */
  distortion: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
  /** Origin: the entrance pupil on the optical axis; far: of the bare camera. */
  T_rig_camera: rigid,
  /** Centre of perspective as the subject sees it: far, moved by the plate. Depths count from here. */
  effectivePupilMm: vector,
  fNumber: z.number(),
  /** Distance of the focused plane from the pupil. */
  focusMm: z.number(),
  /** Time between the starts of two sensor rows; 0 is a global shutter. */
  rowTimeUs: z.number(),
  curtainUp: z.boolean(),
  /** Where the camera really looks: its principal point's ray, through the plate, on the eye plane. */
  aimMm: vector.nullable(),
  /** Pixel of the captured frame that sees `rig.epipoleMm`. */
  epipolePx: pair.nullable(),
});
export type ArmTruth = z.infer<typeof armTruth>;

const canonicalView = z.strictObject({
  /** The effective pupil. */
  pupilMm: vector,
  /** Depth of the aim point from the pupil along the canonical axis. */
  aimDepthMm: z.number(),
  /** `pxPerMm` × `aimDepthMm`. */
  focalPx: z.number(),
});

/** u = epipolePx + focalPx · (x, y) / z with (x, y, z) = R_rig_canonicalᵀ (p - pupilMm). */
const canonicalTruth = z.strictObject({
  /** Width and height of both images. */
  sizePx: z.int(),
  /** Of both images in the plane through the aim point, perpendicular to the canonical axis. */
  pxPerMm: z.number(),
  /** z: from the far pupil to the near one; x: the far camera's x perpendicular to it. */
  R_rig_canonical: rotation,
  /** The point that both images show at ((sizePx - 1) / 2, (sizePx - 1) / 2). */
  aimMm: vector,
  /** Epipole and principal point at once, of both images. */
  epipolePx: pair,
  near: canonicalView,
  far: canonicalView,
});
export type CanonicalTruth = z.infer<typeof canonicalTruth>;

/** Linear camera RGB of the 24 chart patches, dark skin to black, as a share of full scale at 0 dB. */
const patches = z.array(vector).length(24);

const pointView = z.strictObject({
  /** At this arm's mid-exposure. */
  positionMm: vector,
  /** In the captured frame, through the real optics; may lie outside it; null where no pixel could see it. */
  px: pair.nullable(),
  canonicalPx: pair.nullable(),
  /** Inside the frame and with nothing more than 1 mm before it. */
  visible: z.boolean(),
});
export type PointViewTruth = z.infer<typeof pointView>;

const pointSet = z.strictObject({
  /** Id of a board's definition, `landmarks68` or `patches`. */
  name: z.string(),
  points: z.array(z.strictObject({ id: z.int(), near: pointView, far: pointView })),
});
export type PointSetTruth = z.infer<typeof pointSet>;

export const sceneTruthSchema = z.strictObject({
  format: z.literal("nearfar-scene-truth"),
  version: z.literal(1),
  /** What stood before the rig, complete. */
  world: virtualSceneSchema.required().extend({ distanceMm: z.number() }),
  /** In a shot that exposed one arm only, the other has that arm's instant. */
  exposures: ofBothArms(exposure),
  arms: ofBothArms(armTruth),
  plate: z.strictObject({
    present: z.boolean(),
    thicknessMm: z.number(),
    refractiveIndex: z.number(),
    /** Along the slant, which is horizontal, and upright. */
    widthMm: z.number(),
    heightMm: z.number(),
    /** Unit normal of the coated face, towards subject and near camera; the bump is in it. */
    normal: vector,
    /** Of the coated face. */
    centreMm: vector,
    /** Turn about the rig's x and y axes since calibration. */
    bumpDeg: pair,
  }),
  rig: z.strictObject({
    /** Far entrance pupil to eye plane. */
    farDistanceMm: z.number(),
    /** Where both cameras should look, and where the line through both pupils should meet the eye plane. */
    intendedAimMm: vector,
    intendedEpipoleMm: vector,
    /** Where the line through both effective pupils does meet the eye plane. */
    epipoleMm: vector,
    /** The optics are richer than any calibration model. */
    honest: z.boolean(),
  }),
  canonical: canonicalTruth,
  /** A chart in full light, facing the cameras where each principal point looks, at brightness 1. */
  color: z.strictObject({
    /** rgb_far = nearToFar · rgb_near, least squares; null when the near channels are not independent. */
    nearToFar: matrix.nullable(),
    /**
     * Linear Rec.2020 = farToRec2020 · rgb_far, least squares over the patches as daylight (D65) shows them, a
     * perfect white (1, 1, 1); null when the far channels are not independent.
     */
    farToRec2020: matrix.nullable(),
    nearPatches: patches,
    farPatches: patches,
  }),
  /** Pose of the object at each arm's mid-exposure; null in a scene without an object. */
  T_rig_object: ofBothArms(rigid).nullable(),
  pointSets: z.array(pointSet),
  /** Arrays that lie beside the file as `<name>.npy`. */
  arrays: z.array(truthArray),
});
export type SceneTruth = z.infer<typeof sceneTruthSchema>;

/**
 * What each array holds: dtype in NumPy's words, the number of values of a pixel, and what it is. Frame
 * arrays have the frame's height and width, canonical ones `sizePx` both ways. Near arrays are of the
 * near mid-exposure, far arrays of the far one. NaN (masks: 0) where there is no surface.
 */
export const truthArrayForms = {
  /** mm along the camera's optical axis from its effective pupil, by chief ray, for each frame pixel. */
  nearDepth: { dtype: "<f4", frame: true, channels: 1 },
  farDepth: { dtype: "<f4", frame: true, channels: 1 },
  /** mm along the canonical axis from that view's pupil. */
  canonicalNearDepth: { dtype: "<f4", frame: false, channels: 1 },
  canonicalFarDepth: { dtype: "<f4", frame: false, channels: 1 },
  /**
   * (dx, dy) px: near canonical pixel p shows what lies at p + nearToFar[p] in the far one. It follows
   * the object rigidly from one arm's mid-exposure to the other's. Hidden points have flow too.
   */
  nearToFar: { dtype: "<f4", frame: false, channels: 2 },
  farToNear: { dtype: "<f4", frame: false, channels: 2 },
  /** 1 where the other pupil sees the surface point too, at its own time, inside its image or not. */
  nearVisible: { dtype: "|u1", frame: false, channels: 1 },
  farVisible: { dtype: "|u1", frame: false, channels: 1 },
  /** (x, y) px in the captured frame where the real optics image what the canonical pixel shows. */
  canonicalToNear: { dtype: "<f4", frame: false, channels: 2 },
  canonicalToFar: { dtype: "<f4", frame: false, channels: 2 },
} as const satisfies Record<
  z.infer<typeof truthArray>,
  { dtype: "<f4" | "|u1"; frame: boolean; channels: 1 | 2 }
>;
