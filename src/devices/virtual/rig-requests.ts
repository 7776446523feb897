import { z } from "zod";
import { sceneTruthSchema } from "../../schema/scene-truth.js";
import {
  type VirtualRigRequest,
  virtualRigEdges,
  virtualRigRender,
  virtualRigTruth,
} from "../../schema/virtual-rig.js";
import { virtualSceneNow } from "../../schema/virtual-scene.js";
import type { ControlConnection } from "./control-connection.js";

/** What `status` tells of the board; the cameras add members of their own. */
export const virtualRigStatus = z.looseObject({
  pace: z.enum(["real", "free"]),
  feedbackSource: z.enum(["cameras", "injected"]),
  killedFirmware: z.boolean(),
  /** The firmware slept with interrupts off or ran into an invalid instruction. */
  crashed: z.boolean(),
  boots: z.int(),
  /** 8 hex digits, empty until the board has told it. */
  bootId: z.string(),
  shotId: z.int(),
  triggerNumber: z.int(),
  tick: z.string(),
  /** Absent when only the board runs. */
  distanceMm: z.number().optional(),
  scene: virtualSceneNow.optional(),
  /** How far the chip is behind the wall clock, at real pace. */
  lagUs: z.int(),
  /** Times the chip was over a second behind and gave up catching up. */
  slips: z.int(),
  link: z.strictObject({
    bytesToBoard: z.int(),
    bytesToHost: z.int(),
    bytesLost: z.int(),
    noise: z.record(z.string(), z.number()),
  }),
});

const nothing = z.looseObject({});

/** The schema of each op's result. */
export const rigResults = {
  ping: nothing,
  seed: nothing,
  scene: nothing,
  stage: nothing,
  timing: nothing,
  faults: nothing,
  pace: nothing,
  feedbackSource: nothing,
  inject: nothing,
  edges: virtualRigEdges,
  truth: virtualRigTruth.nullable(),
  render: virtualRigRender,
  sceneTruth: sceneTruthSchema,
  status: virtualRigStatus,
  quit: nothing,
} as const satisfies Record<VirtualRigRequest["op"], z.ZodType>;

export type RigOp = VirtualRigRequest["op"];
/** The members of an op's request besides `id` and `op`. */
export type RigRequestFields<Op extends RigOp> = Omit<Extract<VirtualRigRequest, { op: Op }>, "id" | "op">;
export type RigResult<Op extends RigOp> = z.infer<(typeof rigResults)[Op]>;

/**
 * One request of the control socket.
 * @throws {CallerError} SCENE_INVALID when the rig refuses it, {WorldError} RIG_FAILED when it is gone.
 */
export async function requestOf<Op extends RigOp>(
  connection: ControlConnection,
  op: Op,
  fields: RigRequestFields<Op>,
): Promise<RigResult<Op>> {
  // The table gives each op its own schema; TypeScript cannot follow the index.
  return rigResults[op].parse(await connection.request(op, fields)) as RigResult<Op>;
}
