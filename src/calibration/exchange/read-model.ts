/** Any file that holds a camera: a record of ours, or OpenCV's. */
import type { Dataset } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import { isCalibrationId, readRecordFile, readText, resolveRecord } from "../record/record-file.js";
import { parseOpencvCamera } from "./opencv-import.js";
import type { PlainCamera } from "./plain-camera.js";

export type ReadModel =
  | { readonly source: "record"; readonly record: Calibration }
  | { readonly source: "opencv"; readonly camera: PlainCamera };

/**
 * @param reference id of a calibration in the store, or path of a record or of a camera of OpenCV's.
 * @throws what `resolveRecord` and `parseOpencvCamera` throw.
 */
export async function readModel(
  reference: string,
  dataset: Pick<Dataset, "readCalibration"> | null,
): Promise<ReadModel> {
  if (isCalibrationId(reference))
    return { source: "record", record: await resolveRecord(reference, dataset) };
  const text = await readText(reference);
  if (/^\s*\{/.test(text) && text.includes('"nearfar-calibration"'))
    return { source: "record", record: await readRecordFile(reference) };
  return { source: "opencv", camera: parseOpencvCamera(text, reference) };
}
