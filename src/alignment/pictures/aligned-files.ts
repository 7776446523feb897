/** The stored files of an aligned pair as a picture needs them. */
import { CallerError, WorldError } from "../../base/errors.js";
import { readTiff } from "../../imaging/tiff-reader.js";
import {
  type AlignmentFileName,
  type AlignmentRecord,
  alignmentFiles,
  type CanonicalRecord,
} from "../../schema/alignment.js";
import { type NpyType, parseNpy } from "../../schema/npy.js";

/** A record and the bytes of its files, from wherever they are; only what is needed is read. */
export interface AlignedFiles {
  readonly record: Pick<AlignmentRecord, "approximate" | "canonical" | "input" | "resampling">;
  /** Bytes of a file as stored, checked against its hash. */
  read(name: AlignmentFileName): Promise<Uint8Array>;
}

/** A canonical image: linear. */
export interface CanonicalImage {
  readonly sizePx: number;
  readonly channels: 1 | 3;
  /** sizePx × sizePx × channels; `white` is 1. */
  readonly samples: Uint16Array;
  readonly white: number;
  /** Linear Rec.2020; otherwise the camera's own colors. */
  readonly rec2020: boolean;
}

function corrupt(name: string, why: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${name} of the aligned pair is damaged: ${why}`, {
    advice: "Align the pair again.",
  });
}

export async function readImage(files: AlignedFiles, arm: "near" | "far"): Promise<CanonicalImage> {
  const { widthPx, heightPx, samplesPerPixel, samples } = readTiff(await files.read(arm));
  const { sizePx } = files.record.input.parameters;
  if (widthPx !== sizePx || heightPx !== sizePx || (samplesPerPixel !== 1 && samplesPerPixel !== 3)) {
    throw corrupt(arm, `${widthPx} × ${heightPx} px of ${samplesPerPixel} channels`);
  }
  const { white } = files.record.resampling[arm];
  const rec2020 = samplesPerPixel === 3 && files.record.input.color !== null;
  return { sizePx, channels: samplesPerPixel, samples, white, rec2020 };
}

async function readArray(
  files: AlignedFiles,
  name: AlignmentFileName,
  dtype: NpyType,
): Promise<ReturnType<typeof parseNpy>> {
  const array = parseNpy(`${name}${alignmentFiles[name]}`, await files.read(name));
  if (array.dtype !== dtype) throw corrupt(name, `elements of ${array.dtype} instead of ${dtype}`);
  return array;
}

/** One mask, flow or map over the image, `perPixel` numbers a pixel. */
async function readPlane(
  files: AlignedFiles,
  name: AlignmentFileName,
  dtype: NpyType,
  perPixel: number,
): Promise<ReturnType<typeof parseNpy>["data"]> {
  const { shape, data } = await readArray(files, name, dtype);
  const { sizePx } = files.record.input.parameters;
  if (shape[0] !== sizePx || shape[1] !== sizePx || data.length !== sizePx * sizePx * perPixel) {
    throw corrupt(name, `its shape is ${shape.join(" × ")}`);
  }
  return data;
}

/** Bits as in schema/alignment.ts, `maskBits`. */
export async function readMask(files: AlignedFiles, arm: "near" | "far"): Promise<Uint8Array> {
  return (await readPlane(files, arm === "near" ? "nearMask" : "farMask", "|u1", 1)) as Uint8Array;
}

/** [y][x][dx, dy], NaN where nothing was measured. */
export async function readFlow(files: AlignedFiles): Promise<Float32Array> {
  requireFlow(files);
  return (await readPlane(files, "nearToFar", "<f4", 2)) as Float32Array;
}

/** mm towards the cameras from the eye plane, NaN where nothing was measured. */
export async function readDepth(files: AlignedFiles): Promise<Float32Array> {
  requireFlow(files);
  return (await readPlane(files, "nearDepth", "<f4", 1)) as Float32Array;
}

/** Of `tangential`: x, y, residual, sigma, used, zone. */
const tangentialColumns = 6;

export interface TangentialNode {
  readonly xPx: number;
  readonly yPx: number;
  /** Along (-(y - ey), x - ex) from the epipole: positive is clockwise in the picture. */
  readonly tangentialPx: number;
  readonly sigmaPx: number;
  /** Whether the rig errors were fitted to it. */
  readonly used: boolean;
}

export async function readTangential(files: AlignedFiles): Promise<readonly TangentialNode[]> {
  requireFlow(files);
  const { shape, data } = await readArray(files, "tangential", "<f4");
  if (shape.length !== 2 || shape[1] !== tangentialColumns) {
    throw corrupt("tangential", `its shape is ${shape.join(" × ")}`);
  }
  const column = (node: number, index: number): number => data[node * tangentialColumns + index] as number;
  return Array.from({ length: shape[0] as number }, (_, node) => ({
    xPx: column(node, 0),
    yPx: column(node, 1),
    tangentialPx: column(node, 2),
    sigmaPx: column(node, 3),
    used: column(node, 4) !== 0,
  }));
}

/** @throws CallerError NOT_FOUND for a pair without geometry. */
export function geometryOf(files: AlignedFiles): CanonicalRecord {
  requireFlow(files);
  if (files.record.canonical === null) throw corrupt("the record", "it has no canonical geometry");
  return files.record.canonical;
}

function requireFlow({ record }: AlignedFiles): void {
  if (record.approximate) {
    throw new CallerError("NOT_FOUND", "An approximate pair has neither flow nor depth to show.", {
      advice: "Calibrate the rig's geometry (`nearfar calibrate geometry`) and align the pair with it.",
    });
  }
  if (!record.input.parameters.flow) {
    throw new CallerError("NOT_FOUND", "The pair was aligned without flow.", {
      advice: "Align it again with flow.",
    });
  }
}
