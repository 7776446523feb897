/** The stored files of an aligned pair as a picture needs them. */
import { CallerError } from "../../base/errors.js";
import { readTiff } from "../../imaging/tiff-reader.js";
import type { CanonicalRecord } from "../../schema/alignment.js";
import { type AlignedFiles, corruptFile, readArray, readPlane } from "../stored/aligned-files.js";

/** What pictures look at. */
export type PicturedFiles = AlignedFiles<"approximate" | "canonical" | "input" | "resampling">;

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

export async function readImage(files: PicturedFiles, arm: "near" | "far"): Promise<CanonicalImage> {
  const { widthPx, heightPx, samplesPerPixel, samples } = readTiff(await files.read(arm));
  const { sizePx } = files.record.input.parameters;
  if (widthPx !== sizePx || heightPx !== sizePx || (samplesPerPixel !== 1 && samplesPerPixel !== 3)) {
    throw corruptFile(arm, `${widthPx} × ${heightPx} px of ${samplesPerPixel} channels`);
  }
  const { white } = files.record.resampling[arm];
  const rec2020 = samplesPerPixel === 3 && files.record.input.color !== null;
  return { sizePx, channels: samplesPerPixel, samples, white, rec2020 };
}

/** Bits as in schema/alignment.ts, `maskBits`. */
export async function readMask(files: PicturedFiles, arm: "near" | "far"): Promise<Uint8Array> {
  return (await readPlane(files, arm === "near" ? "nearMask" : "farMask", "|u1", 1)) as Uint8Array;
}

/** [y][x][dx, dy], NaN where nothing was measured. */
export async function readFlow(files: PicturedFiles): Promise<Float32Array> {
  requireFlow(files);
  return (await readPlane(files, "nearToFar", "<f4", 2)) as Float32Array;
}

/** mm towards the cameras from the eye plane, NaN where nothing was measured. */
export async function readDepth(files: PicturedFiles): Promise<Float32Array> {
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

export async function readTangential(files: PicturedFiles): Promise<readonly TangentialNode[]> {
  requireFlow(files);
  const { shape, data } = await readArray(files, "tangential", "<f4");
  if (shape.length !== 2 || shape[1] !== tangentialColumns) {
    throw corruptFile("tangential", `its shape is ${shape.join(" × ")}`);
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
export function geometryOf(files: PicturedFiles): CanonicalRecord {
  requireFlow(files);
  if (files.record.canonical === null) throw corruptFile("the record", "it has no canonical geometry");
  return files.record.canonical;
}

function requireFlow({ record }: PicturedFiles): void {
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
