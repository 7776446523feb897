/** Calibration records in files of their own. */
import { readFile } from "node:fs/promises";
import { CallerError, WorldError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import { calibrationIdSchema } from "../../schema/calibration-header.js";
import { parseCalibrationText } from "../../schema/calibration-text.js";

/**
 * @throws CallerError NOT_FOUND when there is no such file; WorldError FILE_CORRUPT naming the member that is
 *   not what a record has.
 */
export async function readRecordFile(path: string): Promise<Calibration> {
  const parsed = parseCalibrationText(await readText(path, "file or id"));
  if (parsed.ok) return parsed.record;
  throw new WorldError(
    "FILE_CORRUPT",
    `${path} is not a calibration record: ${parsed.reason.replace(/\s+/g, " ")}`,
    {
      advice: "Give a record as `nearfar calibrate export --format json` writes it, unchanged.",
    },
  );
}

/**
 * @param named what the caller may have meant by it.
 * @throws CallerError NOT_FOUND when `path` is not a file that can be read.
 */
export async function readText(path: string, named: "file" | "file or id" = "file"): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (named === "file or id" && (error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new CallerError("NOT_FOUND", `${path} is neither the id of a calibration nor a file.`, {
        advice: "`nearfar calibrate list --store DIR` shows ids; check the path of a file.",
        cause: error,
      });
    }
    throw new CallerError("NOT_FOUND", `${path} cannot be read: ${(error as Error).message}`, {
      advice: "Give the path of a file that you may read.",
      cause: error,
    });
  }
}

/** True for the id of a calibration, false for what must be a path. */
export function isCalibrationId(reference: string): boolean {
  return calibrationIdSchema.safeParse(reference).success;
}

/**
 * The record that a caller names by id or by path.
 * @param dataset where ids are looked up; null: there is no store at hand.
 * @throws CallerError NOT_FOUND, USAGE for an id without a store; WorldError FILE_CORRUPT.
 */
export async function resolveRecord(
  reference: string,
  dataset: Pick<Dataset, "readCalibration"> | null,
): Promise<Calibration> {
  if (!isCalibrationId(reference)) return readRecordFile(reference);
  if (dataset !== null) return dataset.readCalibration(reference);
  throw new CallerError("USAGE", `${reference} is the id of a calibration, and no store was named`, {
    advice: "Say where it is kept: `--store <dir>`.",
  });
}
