/**
 * Messages of the virtual rig's control socket: JSON lines over a Unix stream socket. Each
 * request has an `id` and gets one answer `{id, ok: true, result}` or `{id, ok: false, error}`.
 * Unknown ops and fields are errors. Ticks are cycles of the simulated 16 MHz chip since its
 * boot, as decimal strings.
 */
import { z } from "zod";
import { sceneTruthSchema } from "./scene-truth.js";
import { truthArray } from "./truth-array.js";
import { virtualSceneFields } from "./virtual-scene.js";

/** Printed by the process as its first line on stdout when everything is up. */
export const virtualRigReady = z.strictObject({
  event: z.literal("ready"),
  format: z.literal("nearfar-virtual-rig"),
  version: z.literal(1),
  pid: z.int(),
  tty: z.string(),
  controlSocket: z.string(),
  cameras: z.strictObject({
    near: z.strictObject({ serial: z.string(), address: z.string() }),
    far: z.strictObject({ serial: z.string(), address: z.string() }),
  }),
});
export type VirtualRigReady = z.infer<typeof virtualRigReady>;

const arm = z.enum(["near", "far"]);
const probability = z.number().min(0).max(1);
const armFault = z.strictObject({
  /** Share of GVSP data packets that vanish. */
  packetLoss: probability.optional(),
  /** Share of exposures whose frame never leaves the camera. */
  missingFrame: probability.optional(),
  /** Share of frames that leave the camera `lateMs` later than they should. */
  lateFrame: probability.optional(),
  lateMs: z.number().min(0).max(10_000).optional(),
  /** Share of exposures followed by one more frame that no trigger asked for. */
  extraFrame: probability.optional(),
  /** The trigger line is stuck: edges never reach the camera (no exposure, no feedback). */
  stuckTrigger: z.boolean().optional(),
  /** The camera answers nothing and sends nothing, as if its cable were pulled. */
  unplugged: z.boolean().optional(),
});

/** Faults in force; a `faults` request merges into them, absent fields stay as they are. */
export const virtualRigFaults = z.strictObject({
  near: armFault.optional(),
  far: armFault.optional(),
  link: z
    .strictObject({
      /** Share of bytes with one flipped bit, host → board and board → host. */
      toBoardBitFlip: probability.optional(),
      toHostBitFlip: probability.optional(),
      /** Share of bytes that vanish. */
      toBoardDrop: probability.optional(),
      toHostDrop: probability.optional(),
    })
    .optional(),
  /** The chip stops executing: no replies, outputs frozen. `false` boots it afresh. */
  killedFirmware: z.boolean().optional(),
});
export type VirtualRigFaults = z.infer<typeof virtualRigFaults>;

/** How a camera of the rig answers a trigger edge. */
export const virtualCameraTiming = z.strictObject({
  shutterLagUs: z.number().min(0).max(200_000).optional(),
  /** Standard deviation of the lag, seeded. */
  shutterLagJitterUs: z.number().min(0).max(20_000).optional(),
});

export const virtualRigRequest = z.discriminatedUnion("op", [
  z.strictObject({ id: z.int(), op: z.literal("ping") }),
  /** Seed of all randomness (noise, faults, jitter) from now on. */
  z.strictObject({ id: z.int(), op: z.literal("seed"), seed: z.int().min(0) }),
  z.strictObject({ id: z.int(), op: z.literal("scene"), ...virtualSceneFields }),
  /** Renders what an arm sees now into a NumPy file, without a trigger and at time 0 of the motion. */
  z.strictObject({
    id: z.int(),
    op: z.literal("render"),
    arm,
    /** Absolute path of the .npy file to write. */
    path: z.string(),
    /**
     * `raw`: uint16 [H][W] as the sensor puts it out (mirrored, turned, mosaicked, with the scene's
     * noise setting). `signal`: float32 [H][W][3], upright, un-mirrored camera RGB as a share of full
     * scale at 0 dB, free of noise.
     */
    output: z.enum(["raw", "signal"]),
    exposureUs: z.number().min(1).max(10_000_000).optional(),
    gainDb: z.number().min(0).max(48).optional(),
  }),
  /** Truth of the scene as it stands at time 0 of the motion; see `src/schema/scene-truth.ts`. */
  z.strictObject({
    id: z.int(),
    op: z.literal("sceneTruth"),
    /** Existing folder for the arrays; absent: no arrays. */
    directory: z.string().optional(),
    arrays: z.array(truthArray).optional(),
  }),
  z.strictObject({ id: z.int(), op: z.literal("stage"), distanceMm: z.number().min(230).max(1370) }),
  z.strictObject({
    id: z.int(),
    op: z.literal("timing"),
    near: virtualCameraTiming.optional(),
    far: virtualCameraTiming.optional(),
  }),
  z.strictObject({ id: z.int(), op: z.literal("faults"), faults: virtualRigFaults }),
  /** `real`: paced to the wall clock. `free`: as fast as it goes (for cycle-exact tests). */
  z.strictObject({ id: z.int(), op: z.literal("pace"), pace: z.enum(["real", "free"]) }),
  /** Feedback from the cameras (`cameras`, the default) or only what `inject` asks for. */
  z.strictObject({ id: z.int(), op: z.literal("feedbackSource"), source: z.enum(["cameras", "injected"]) }),
  /** After the next rising edge of `after`, drives the feedback input `arm` for one pulse. */
  z.strictObject({
    id: z.int(),
    op: z.literal("inject"),
    pulses: z.array(
      z.strictObject({
        arm,
        after: arm,
        delayTicks: z.int().min(1),
        widthTicks: z.int().min(1),
      }),
    ),
  }),
  /** Every output edge since the last call, oldest first, each with its exact cycle. */
  z.strictObject({ id: z.int(), op: z.literal("edges") }),
  /** Truth of one shot of this boot, or null. */
  z.strictObject({
    id: z.int(),
    op: z.literal("truth"),
    bootId: z.string(),
    shotId: z.int(),
    /** Existing folder for the arrays of the shot's last trigger; absent: no arrays. */
    directory: z.string().optional(),
    arrays: z.array(truthArray).optional(),
  }),
  z.strictObject({ id: z.int(), op: z.literal("status") }),
  z.strictObject({ id: z.int(), op: z.literal("quit") }),
]);
export type VirtualRigRequest = z.infer<typeof virtualRigRequest>;

/** Answer of `edges`. `tick` is the chip's cycle corrected to the compare match. */
export const virtualRigEdges = z.strictObject({
  edges: z.array(
    z.strictObject({
      pin: z.enum([
        "nearTrigger",
        "farTrigger",
        "nearFocus",
        "farFocus",
        "strobe",
        "nearFeedback",
        "farFeedback",
      ]),
      level: z.union([z.literal(0), z.literal(1)]),
      tick: z.string(),
    }),
  ),
});

const frameTruth = z.strictObject({
  triggerTick: z.string(),
  exposureStartTick: z.string(),
  exposureEndTick: z.string(),
  /** What the camera's own clock put into the frame, in ns. */
  deviceTimeNs: z.string(),
  fate: z.enum(["sent", "missing", "late", "packets-lost", "stuck", "unplugged"]),
  extraFrames: z.int(),
});

/** Answer of `render`. */
export const virtualRigRender = z.strictObject({
  path: z.string(),
  widthPx: z.int(),
  heightPx: z.int(),
});

/** Answer of `truth`: what really happened, one entry per trigger of the shot. */
export const virtualRigTruth = z.strictObject({
  bootId: z.string(),
  shotId: z.int(),
  distanceMm: z.number(),
  triggers: z.array(
    z.strictObject({
      triggerNumber: z.int(),
      near: frameTruth.nullable(),
      far: frameTruth.nullable(),
      strobeTick: z.string().nullable(),
      /** Falling edge; null while the strobe burns, and when the board went down meanwhile. */
      strobeEndTick: z.string().nullable(),
    }),
  ),
  /** What the last trigger's frames show, which became the pair; null for the plane, which has no optics. */
  scene: sceneTruthSchema.nullable(),
});
export type VirtualRigTruth = z.infer<typeof virtualRigTruth>;
