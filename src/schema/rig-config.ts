/** The rig config file (`rig-configs/*.yaml`): what stands in the laboratory. Units in names. */
import { z } from "zod";
import { alignmentLimitsSchema } from "./alignment-limits.js";
import { pixelFormats } from "./pixel-format.js";
import { virtualOpticsSchema } from "./virtual-optics.js";
import { type VirtualScene, virtualSceneKind, virtualSceneSchema } from "./virtual-scene.js";

const positive = z.number().positive();

const sensorRegion = z.strictObject({
  xPx: z.int().min(0),
  yPx: z.int().min(0),
  widthPx: z.int().min(16),
  heightPx: z.int().min(16),
});

/** How the camera is screwed on; undone once, at decode. Un-mirroring comes before rotation. */
export const mountSchema = z.strictObject({
  /** Clockwise turn that makes the stored image upright. */
  rotationDeg: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  /** True for the arm that sees the reflection. */
  mirrored: z.boolean(),
});
export type Mount = z.infer<typeof mountSchema>;

const cameraSchema = z.strictObject({
  backend: z.enum(["aravis"]),
  /** The maker's serial number; cameras are never found by port or address. */
  serial: z.string().min(1),
  pixelFormat: z.enum(pixelFormats),
  /** Significant bits of a sample, least-significant-bit aligned once stored. */
  bitDepth: z.int().min(8).max(16),
  /** Mean sample value in the dark. */
  blackLevel: z.int().min(0).max(65535),
  /** Sample value at which the sensor saturates. */
  whiteLevel: z.int().min(1).max(65535),
  exposureUs: positive.max(10_000_000),
  gainDb: z.number().min(0).max(48),
  region: sensorRegion.nullable().default(null),
  triggerLine: z.string().default("Line0"),
  mount: mountSchema,
  /** Wait before this arm's trigger edge; `nearfar calibrate sync` proposes it. */
  triggerDelayUs: z.number().min(0).max(500_000).default(0),
  /** Does an exposure-active (or X-sync) wire come back to the board? */
  feedback: z.boolean().default(true),
  /** Time between the starts of two sensor rows; 0 is a global shutter. */
  rowTimeUs: z.number().min(0).max(1000).default(0),
  /** Which way the rows (or the curtain) travel in the stored image before any rotation. */
  curtainDirection: z.enum(["down", "up"]).default("down"),
});
export type CameraConfig = z.infer<typeof cameraSchema>;

/** Corners of the LED counter in the upright, un-mirrored image: x and y as shares of its size. */
const ledCornersSchema = z.strictObject({
  topLeft: z.tuple([z.number(), z.number()]),
  bottomRight: z.tuple([z.number(), z.number()]),
});

const limitsSchema = z.strictObject({
  /** Measured skew above this is a RETAKE. */
  skewUs: positive.default(200),
  /** Lower bound of sharpness (share of the session's median) before a WARN. */
  sharpnessShare: z.number().min(0).max(1).default(0.6),
  /** Share of saturated samples in either frame before a WARN. */
  clippedShare: z.number().min(0).max(1).default(0.02),
  /** Difference of the arms' exposure from the session's median difference, in stops. */
  exposureMatchStops: positive.default(0.25),
  /** How long after the exposure a frame may take to arrive before it counts as missing. */
  frameTimeoutMs: positive.max(60_000).default(2000),
  /** Retakes of one planned shot before the plan goes on. */
  retakes: z.int().min(0).max(20).default(2),
});

export const rigConfigSchema = z
  .strictObject({
    format: z.literal("nearfar-rig"),
    version: z.literal(1),
    name: z.string().regex(/^[a-z0-9-]+$/, "lower case letters, digits and dashes"),
    /** Present: nearfar starts the virtual rig and takes port and addresses from it. */
    virtual: z
      .strictObject({
        seed: z.int().min(0).default(1),
        sensor: z.strictObject({ widthPx: z.int().min(64).max(4096), heightPx: z.int().min(64).max(4096) }),
        /** What stands before the rig at first; a word is short for `{ scene: word }`. */
        scene: z
          .union([virtualSceneKind.transform((scene): VirtualScene => ({ scene })), virtualSceneSchema])
          .default({ scene: "plane" }),
        optics: virtualOpticsSchema.prefault({}),
        /** Folder of an ICT-FaceKit (official layout or packed), for subjects with `source: ict`. */
        ictFaceKit: z.string().min(1).optional(),
        shutterLagUs: z
          .strictObject({ near: z.number().min(0), far: z.number().min(0) })
          .default({ near: 40, far: 55 }),
        shutterLagJitterUs: z
          .strictObject({ near: z.number().min(0), far: z.number().min(0) })
          .default({ near: 5, far: 5 }),
      })
      .optional(),
    trigger: z.strictObject({
      /** Path of the tty (`/dev/ttyUSB0`); or give `boardId`; neither on the virtual rig. */
      port: z.string().min(1).optional(),
      /** 16 hex digits; finds the board on any port. */
      boardId: z
        .string()
        .regex(/^[0-9a-f]{16}$/, "16 hex digits")
        .optional(),
      pulseUs: z.number().min(100).max(100_000).default(1000),
      focusLeadMs: z.int().min(0).max(5000).default(0),
      feedbackTimeoutMs: z.int().min(1).max(12_000).default(500),
      strobe: z
        .strictObject({ enabled: z.boolean(), widthUs: z.number().min(1).max(10_000) })
        .default({ enabled: false, widthUs: 500 }),
    }),
    near: cameraSchema,
    far: cameraSchema,
    rail: z.strictObject({
      kind: z.enum(["manual", "virtual"]),
      minMm: z.number().min(100),
      maxMm: z.number().max(1600),
    }),
    limits: limitsSchema.prefault({}),
    /** What an aligned pair must be like. */
    alignment: alignmentLimitsSchema.prefault({}),
    /** Where the LED counter stands in both views; its number is then checked on every shot. */
    ledCounter: z.strictObject({ near: ledCornersSchema, far: ledCornersSchema }).optional(),
  })
  .check((context) => {
    const rig = context.value;
    const problem = (path: (string | number)[], message: string): void => {
      context.issues.push({ code: "custom", input: rig, path, message });
    };
    if (rig.virtual === undefined && rig.trigger.port === undefined && rig.trigger.boardId === undefined) {
      problem(["trigger"], "give `port` or `boardId` (a rig without `virtual` has a real board)");
    }
    if (rig.near.serial === rig.far.serial) problem(["far", "serial"], "both cameras have the same serial");
    if (rig.near.mount.mirrored === rig.far.mount.mirrored) {
      problem(
        ["near", "mount", "mirrored"],
        "exactly one arm sees the reflection: one `mirrored: true`, one `false`",
      );
    }
    if (rig.rail.kind === "virtual" && rig.virtual === undefined) {
      problem(["rail", "kind"], "a rig without `virtual` has a `manual` rail");
    }
    if (rig.rail.minMm >= rig.rail.maxMm) problem(["rail", "maxMm"], "must be above `minMm`");
    for (const arm of ["near", "far"] as const) {
      if (rig[arm].whiteLevel <= rig[arm].blackLevel)
        problem([arm, "whiteLevel"], "must be above `blackLevel`");
      if (rig[arm].whiteLevel >= 2 ** rig[arm].bitDepth)
        problem([arm, "whiteLevel"], "does not fit in `bitDepth`");
    }
    if (rig.trigger.strobe.enabled && !(rig.near.feedback && rig.far.feedback)) {
      problem(
        ["trigger", "strobe", "enabled"],
        "the strobe fires on the later feedback edge: both cameras need `feedback: true`",
      );
    }
  });
export type RigConfig = z.infer<typeof rigConfigSchema>;
export type RigLimits = RigConfig["limits"];
