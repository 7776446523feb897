/** Any file that holds a camera: a record of ours, or OpenCV's. */
import type { Dataset } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import { isCalibrationId, readRecordFile, readText, resolveRecord } from "../record/record-file.js";
import { type OpencvCamera, parseOpencvCamera } from "./opencv-import.js";

export type ReadModel =
  | { readonly source: "record"; readonly record: Calibration }
  | ({ readonly source: "opencv" } & OpencvCamera);

/**
 * @param reference id of a calibration in the store, or path of a record or of a camera of OpenCV's.
 * @param arm which camera of a stereo pair of OpenCV's.
 * @throws what `resolveRecord` and `parseOpencvCamera` throw.
 */
export async function readModel(
  reference: string,
  dataset: Pick<Dataset, "readCalibration"> | null,
  arm: "near" | "far" | null,
): Promise<ReadModel> {
  if (isCalibrationId(reference))
    return { source: "record", record: await resolveRecord(reference, dataset) };
  const text = await readText(reference, "file or id");
  if (/^\s*\{/.test(text) && text.includes('"nearfar-calibration"'))
    return { source: "record", record: await readRecordFile(reference) };
  return { source: "opencv", ...parseOpencvCamera(text, reference, arm) };
}
