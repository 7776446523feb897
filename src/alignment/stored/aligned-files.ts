/** An aligned pair's record with the bytes of its files, from wherever they are. */
import { WorldError } from "../../base/errors.js";
import { type AlignmentFileName, type AlignmentRecord, alignmentFiles } from "../../schema/alignment.js";
import { type NpyArray, type NpyType, parseNpy } from "../../schema/npy.js";

/** Only what is needed is read. `Members`: of the record, that its reader looks at. */
export interface AlignedFiles<Members extends keyof AlignmentRecord = keyof AlignmentRecord> {
  readonly record: Pick<AlignmentRecord, Members>;
  /** Bytes of a file as stored, checked against its hash where that is known. */
  read(name: AlignmentFileName): Promise<Uint8Array>;
}

export function corruptFile(name: string, why: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${name} of the aligned pair is damaged: ${why}`, {
    advice: "Align the pair again.",
  });
}

/** @throws WorldError FILE_CORRUPT also for elements of another type. */
export async function readArray(
  files: AlignedFiles<never>,
  name: AlignmentFileName,
  dtype: NpyType,
): Promise<NpyArray> {
  const array = parseNpy(`${name}${alignmentFiles[name]}`, await files.read(name));
  if (array.dtype !== dtype) throw corruptFile(name, `elements of ${array.dtype} instead of ${dtype}`);
  return array;
}

/** One mask, flow or map over the image, `perPixel` numbers a pixel. @throws WorldError FILE_CORRUPT. */
export async function readPlane(
  files: AlignedFiles<"input">,
  name: AlignmentFileName,
  dtype: NpyType,
  perPixel: number,
): Promise<NpyArray["data"]> {
  const { shape, data } = await readArray(files, name, dtype);
  const { sizePx } = files.record.input.parameters;
  if (shape[0] !== sizePx || shape[1] !== sizePx || data.length !== sizePx * sizePx * perPixel) {
    throw corruptFile(name, `its shape is ${shape.join(" × ")}`);
  }
  return data;
}
