/** The capture plan file: distance × expression × pose × repeats. */
import { z } from "zod";
import { virtualRigFaults } from "./virtual-rig.js";
import { virtualSceneSchema } from "./virtual-scene.js";

const label = z.string().regex(/^[a-z0-9-]{1,40}$/, "lower case letters, digits and dashes, at most 40");

/** More shots of one kind than any session has; keeps a slip of the keyboard from planning for weeks. */
export const mostRepeats = 100_000;

export const capturePlanSchema = z.strictObject({
  format: z.literal("nearfar-plan"),
  version: z.literal(1),
  /** Near entrance pupil to the eye plane, in the order in which the rail stops. */
  distancesMm: z.array(z.number().min(100).max(1600)).min(1),
  expressions: z.array(label).min(1).default(["neutral"]),
  poses: z.array(label).min(1).default(["frontal"]),
  repeats: z.int().min(1).max(mostRepeats).default(1),
  /** Seconds counted down before each shot when an operator is there. */
  countdownS: z.number().min(0).max(60).default(3),
  /** What a virtual rig is set to when the run begins; a real rig has no use for it. */
  virtual: z
    .strictObject({ scene: virtualSceneSchema.optional(), faults: virtualRigFaults.optional() })
    .optional(),
});
export type CapturePlan = z.infer<typeof capturePlanSchema>;

/** One shot the plan asks for. */
export interface PlannedShot {
  /** Place in the plan, from 0. */
  readonly index: number;
  readonly distanceMm: number;
  readonly expression: string;
  readonly pose: string;
  readonly repeat: number;
}
