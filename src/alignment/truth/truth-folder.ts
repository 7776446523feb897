/** Truth folders of the virtual rig (calibration/README.md, "Truth of the virtual rig"). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CallerError, WorldError } from "../../base/errors.js";
import { type NpyArray, parseNpy } from "../../schema/npy.js";
import { type SceneTruth, sceneTruthSchema, truthArrayForms } from "../../schema/scene-truth.js";
import type { TruthArray } from "../../schema/truth-array.js";
import { virtualRigTruth } from "../../schema/virtual-rig.js";

/** One array of the truth: `channels` values of a pixel beside each other, rows from the top. */
export interface TruthImage<Data = Float32Array | Uint8Array> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Data;
}

type DataOf<Name extends TruthArray> = (typeof truthArrayForms)[Name]["dtype"] extends "|u1"
  ? Uint8Array
  : Float32Array;

/** The arrays of a truth folder; those that were not written are absent. */
export type TruthArrays = { readonly [Name in TruthArray]?: TruthImage<DataOf<Name>> };

export interface SceneTruthFolder {
  readonly truth: SceneTruth;
  readonly arrays: TruthArrays;
}

const advice = "Ask the rig for the truth again, into an empty folder.";

/** `truth.json` of a scene as it stood, or of a shot. */
const truthFile = z.union([sceneTruthSchema, virtualRigTruth]);

async function readTruth(folder: string): Promise<SceneTruth> {
  const path = join(folder, "truth.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new CallerError("NOT_FOUND", `there is no truth in ${folder}: ${path} cannot be read`, {
      advice: "Name a folder that `nearfar rig truth --out` or a capture on the virtual rig has made.",
      cause,
    });
  }
  let truth: z.infer<typeof truthFile>;
  try {
    truth = truthFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new WorldError("FILE_CORRUPT", `${path} is no truth of version 1`, { advice, cause });
  }
  if ("format" in truth) return truth;
  if (truth.scene !== null) return truth.scene;
  throw new CallerError("NOT_FOUND", `${path} is about the plane, which is not seen through any optics`, {
    advice: "Shoot a target or a subject.",
  });
}

/** Height, width and channels that an array of this truth must have. */
function expectedShape(truth: SceneTruth, name: TruthArray): number[] {
  const { frame, channels } = truthArrayForms[name];
  const arm = name === "nearDepth" ? truth.arms.near : truth.arms.far;
  const size = truth.canonical.sizePx;
  const [width, height] = frame ? arm.imageSize : [size, size];
  return channels === 1 ? [height, width] : [height, width, channels];
}

async function readNpy(path: string): Promise<NpyArray> {
  return parseNpy(path, await readFile(path));
}

async function readArray(folder: string, truth: SceneTruth, name: TruthArray): Promise<TruthImage> {
  const path = join(folder, `${name}.npy`);
  const { dtype, shape, data } = await readNpy(path).catch((cause: unknown) => {
    if (cause instanceof WorldError) throw cause;
    throw new WorldError("FILE_CORRUPT", `${path} belongs to the truth but cannot be read`, {
      advice,
      cause,
    });
  });
  const form = truthArrayForms[name];
  const expected = expectedShape(truth, name);
  if (dtype !== form.dtype || shape.join() !== expected.join() || data instanceof Uint16Array) {
    const [is, wanted] = [`${dtype} (${shape.join(", ")})`, `${form.dtype} (${expected.join(", ")})`];
    throw new WorldError("FILE_CORRUPT", `${path} is ${is}, not ${wanted}`, { advice });
  }
  return { width: expected[1] ?? 0, height: expected[0] ?? 0, channels: form.channels, data };
}

/**
 * Reads a truth folder of the virtual rig: `truth.json`, of a scene or of a shot, and the arrays that it
 * lists.
 * @throws {CallerError} NOT_FOUND when the folder holds no truth, or one without optics.
 * @throws {WorldError} FILE_CORRUPT when a file is damaged, missing or of another form.
 */
export async function readTruthFolder(path: string): Promise<SceneTruthFolder> {
  const truth = await readTruth(path);
  const images = await Promise.all(
    truth.arrays.map(async (name) => [name, await readArray(path, truth, name)] as const),
  );
  // readArray has checked each element type against the table that DataOf reads.
  return { truth, arrays: Object.fromEntries(images) as TruthArrays };
}
