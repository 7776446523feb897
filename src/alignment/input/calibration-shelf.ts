/** Calibrations for many shots, each read and checked once. */
import { createHash } from "node:crypto";
import { resolveRecord } from "../../calibration/record/record-file.js";
import type { CalibrationEntry, CameraSerials, Dataset } from "../../dataset/dataset.js";
import type { Calibration } from "../../schema/calibration.js";
import type { CalibrationKind } from "../../schema/calibration-header.js";
import { calibrationText } from "../../schema/calibration-text.js";
import type { UsedCalibration } from "../pair-input.js";

export type CalibrationSource = Pick<Dataset, "readCalibration" | "calibrations" | "latestCalibration">;

export class CalibrationShelf {
  readonly #source: CalibrationSource | null;
  readonly #read = new Map<string, Promise<UsedCalibration<Calibration>>>();

  /** @param source null: there is no store, calibrations are files. */
  constructor(source: CalibrationSource | null) {
    this.#source = source;
  }

  /**
   * @param reference id or path of a record.
   * @throws CallerError NOT_FOUND, USAGE for an id without a store; WorldError FILE_CORRUPT.
   */
  read(reference: string): Promise<UsedCalibration<Calibration>> {
    const known = this.#read.get(reference);
    if (known !== undefined) return known;
    const reading = resolveRecord(reference, this.#source).then((record) => ({
      record,
      sha256: createHash("sha256").update(calibrationText(record)).digest("hex"),
    }));
    this.#read.set(reference, reading);
    return reading;
  }

  /** The newest that did not fail, made before a time (UTC); null when there is none. */
  async latest(kind: CalibrationKind, serials: CameraSerials, before: string): Promise<string | null> {
    return (await this.#source?.latestCalibration(kind, serials, before))?.calibrationId ?? null;
  }

  /** Newest first. */
  async all(kind: CalibrationKind, serials: CameraSerials): Promise<readonly CalibrationEntry[]> {
    return (await this.#source?.calibrations({ kind, serials })) ?? [];
  }
}
