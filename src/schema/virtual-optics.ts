/**
 * The virtual rig's optics (`virtual.optics` of a rig config): two lenses, the plate, the rail. Image
 * coordinates are those of the upright, un-mirrored image. The process gets it complete, as JSON.
 */
import { z } from "zod";

const vector = z.tuple([z.number(), z.number(), z.number()]);

/** One camera and its lens. */
const virtualLens = z.strictObject({
  /**
   * Effective focal length by rail position, the lens focused on the eye plane there: linear between
   * entries; one entry is a prime, more a zoom. Focused elsewhere it breathes as a thin lens.
   */
  focalLengths: z
    .array(z.strictObject({ distanceMm: z.number().positive(), focalLengthMm: z.number().min(4).max(800) }))
    .min(1),
  fNumber: z.number().min(1).max(64),
  /** Pixel pitch on the sensor. */
  pixelPitchUm: z.number().min(0.5).max(200),
  /** Focused distance from the entrance pupil; 0 refocuses on the eye plane at every stop. */
  focusMm: z.number().min(0).max(10_000),
  /** Brown's k1 k2 p1 p2 k3, OpenCV's order. */
  distortion: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
  /** Light lost at the image corner beyond cos⁴ of the field angle, as a share. */
  vignetting: z.number().min(0).max(0.9),
  /** Principal point from the image centre. */
  principalPointPx: z.tuple([z.number(), z.number()]),
  /** Error of the entrance pupil's place, rig axes; of the virtual camera on the near arm. */
  pupilOffsetMm: vector,
  /** Rotation vector of the pose error about the camera's own axes. */
  rotationDeg: vector,
  /** Spectral sensitivity: `a` and `b` are built in; else a CSV file of columns nm, r, g, b. */
  sensitivity: z.string().min(1),
  /** Electrons that fill the range from black to white level at 0 dB. */
  fullWellE: z.number().min(100).max(1e6),
  readNoiseE: z.number().min(0).max(1000),
});
export type VirtualLens = z.infer<typeof virtualLens>;

/** The 45° half mirror. */
const virtualPlate = z.strictObject({
  /** Without it the near camera is its unfolded self and nothing stands before the far camera. */
  present: z.boolean(),
  thicknessMm: z.number().min(0).max(20),
  refractiveIndex: z.number().min(1).max(2),
  /** Centre of the coated face on the rig axis, from the far entrance pupil. */
  centreZMm: z.number().min(500).max(1590),
  widthMm: z.number().min(50).max(1000),
  heightMm: z.number().min(50).max(1000),
  /** Reflection of the uncoated side relative to bare glass; an AR coat gives about 0.1. */
  backReflection: z.number().min(0).max(1),
  /** The coating colors reflection and transmission differently. */
  tint: z.boolean(),
  /** The second surface's image. */
  ghost: z.boolean(),
});

const nearDefaults: VirtualLens = {
  focalLengths: [
    { distanceMm: 230, focalLengthMm: 28 },
    { distanceMm: 450, focalLengthMm: 50 },
    { distanceMm: 900, focalLengthMm: 100 },
    { distanceMm: 1370, focalLengthMm: 152 },
  ],
  fNumber: 16,
  pixelPitchUm: 23.4375,
  focusMm: 0,
  distortion: [-0.06, 0.02, 0.0003, -0.0002, 0],
  vignetting: 0.15,
  principalPointPx: [4.2, -3.1],
  pupilOffsetMm: [0.7, -0.5, 0.8],
  rotationDeg: [0.12, -0.09, 0.15],
  sensitivity: "a",
  fullWellE: 15_000,
  readNoiseE: 4,
};

const farDefaults: VirtualLens = {
  ...nearDefaults,
  focalLengths: [{ distanceMm: 1600, focalLengthMm: 180 }],
  distortion: [0.08, 0, 0, 0, 0],
  vignetting: 0.1,
  principalPointPx: [-5.6, 3.8],
  pupilOffsetMm: [0, 0, 0],
  rotationDeg: [-0.06, 0.05, -0.1],
};

const plateDefaults: z.infer<typeof virtualPlate> = {
  present: true,
  thicknessMm: 3,
  refractiveIndex: 1.52,
  centreZMm: 1495,
  widthMm: 320,
  heightMm: 380,
  backReflection: 1,
  tint: true,
  ghost: true,
};

/** Members that a config gives replace the defaults, one by one. */
const over = <T extends z.ZodObject>(schema: T, defaults: z.infer<T>) =>
  schema
    .partial()
    .strict()
    .transform((given): z.infer<T> => ({ ...defaults, ...given }) as z.infer<T>)
    .prefault({} as never);

export const virtualOpticsSchema = z.strictObject({
  near: over(virtualLens, nearDefaults),
  far: over(virtualLens, farDefaults),
  plate: over(virtualPlate, plateDefaults),
  /** Direction error of the near camera's rail, unfolded: degrees about the rig's x and y axes. */
  railDeg: z.tuple([z.number().min(-5).max(5), z.number().min(-5).max(5)]).default([0.08, -0.06]),
  /** Far entrance pupil to eye plane. */
  farDistanceMm: z.number().min(500).max(5000).default(1600),
  /**
   * Physics richer than any calibration model: entrance-pupil walk, more distortion terms, plate wedge
   * and figure, angle- and polarisation-dependent coating, board bend, print error, pixel response
   * non-uniformity, specular skin.
   */
  honest: z.boolean().default(true),
  /** Seed of what honest mode draws. */
  seed: z.int().min(0).default(1),
});
export type VirtualOptics = z.infer<typeof virtualOpticsSchema>;
