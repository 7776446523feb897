/**
 * What stands before the virtual rig: the `scene` request, and what `nearfar rig scene` and a capture
 * plan set. Absent members stay as they are.
 */
import { z } from "zod";

const vector = z.tuple([z.number(), z.number(), z.number()]);

/** A person; everything about the face follows from these numbers. */
export const virtualSubject = z.strictObject({
  /** `head`: the project's own heads. `ict`: an ICT-FaceKit folder (`virtual.ictFaceKit`). */
  source: z.enum(["head", "ict"]).optional(),
  identity: z.int().min(0).max(1_000_000).optional(),
  expression: z.string().optional(),
  /** Positive: to the left of the upright image. */
  yawDeg: z.number().min(-60).max(60).optional(),
  /** Positive: down. */
  pitchDeg: z.number().min(-45).max(45).optional(),
  /** Positive: clockwise. */
  rollDeg: z.number().min(-45).max(45).optional(),
  /** Midpoint between the pupils from the centre of the eye plane, rig axes. */
  offsetMm: vector.optional(),
  /** Fine texture of the skin: rms over the mean as a camera with 3.4 px/mm resolves it; real skin has about 0.03. */
  skinContrast: z.number().min(0).max(0.3).optional(),
});

export const virtualMotion = z.strictObject({
  /**
   * `sway`: a person trying to hold still. `linear`: constant velocity. `poses`: sways, holds a head pose
   * for 1.5 to 3 s, turns to the next one in 0.5 s; yaw up to ±20°, pitch ±10°, roll ±6°.
   */
  kind: z.enum(["none", "sway", "linear", "poses"]).optional(),
  seed: z.int().min(0).optional(),
  /** Of `sway` and `poses`: 1 sways by about 3 mm and 8 mm/s along an axis; scales the poses' angles too. */
  strength: z.number().min(0).max(20).optional(),
  /** Of `linear`, rig axes. */
  velocityMmS: vector.optional(),
  blink: z.boolean().optional(),
});

export const virtualLight = z.strictObject({
  /** `studio`: area lights and a fill. `even`: the same irradiance everywhere, no shadow, no highlight. */
  kind: z.enum(["studio", "even"]).optional(),
  /** Light that burns all the time; 1 exposes a white well in 5000 µs. */
  continuous: z.number().min(0).max(64).optional(),
  /** Light of a strobe pulse; 1 is as much as continuous 1 gives in 5000 µs. */
  strobe: z.number().min(0).max(64).optional(),
  /** Radiance where the black trap should be, as a share of a white's. */
  veil: z.number().min(0).max(1).optional(),
  /** As if a polariser stood before the lamps: `s` swings vertically, across the plate's plane of incidence. */
  polarisation: z.enum(["none", "s", "p"]).optional(),
});

export const virtualSceneKind = z.enum(["plane", "flat", "dark", "target", "subject"]);

export const virtualSceneFields = {
  /**
   * `plane`: a texture straight on the sensor with the LED counter, for work on speed; all others are
   * traced. `flat`: an even field; `dark`: cap on.
   */
  scene: virtualSceneKind.optional(),
  /** Radiance scale; 1 exposes well at the camera's default settings. */
  brightness: z.number().min(0).max(64).optional(),
  /** Id of a definition in calibration/targets, `led-counter` or `point-light`. */
  target: z.string().optional(),
  /** T_rig_target; rotation vector. Default: the centre of the eye plane, facing the cameras. */
  targetPose: z.strictObject({ translationMm: vector, rotationDeg: vector }).optional(),
  subject: virtualSubject.optional(),
  motion: virtualMotion.optional(),
  light: virtualLight.optional(),
  /** Shot and read noise. */
  noise: z.boolean().optional(),
  /** Primary rays of a pixel. */
  samplesPerPixel: z.int().min(1).max(4096).optional(),
  /** Turn of the plate about the rig's x and y axes since calibration, as if bumped. */
  plateBumpDeg: z.tuple([z.number().min(-5).max(5), z.number().min(-5).max(5)]).optional(),
};
export const virtualSceneSchema = z.strictObject(virtualSceneFields);
export type VirtualScene = z.infer<typeof virtualSceneSchema>;

/** What `status` tells of it: every member, and where the near camera stands. */
export const virtualSceneNow = virtualSceneSchema.required().extend({ distanceMm: z.number() });
export type VirtualSceneNow = z.infer<typeof virtualSceneNow>;
