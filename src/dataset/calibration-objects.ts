/** Records of calibrations in the object store: objects/ab/cdef….json. */
import { CallerError, WorldError } from "../base/errors.js";
import type { Calibration } from "../schema/calibration.js";
import { calibrationText, checkCalibration, parseCalibrationText } from "../schema/calibration-text.js";
import { findCalibration } from "./calibration-rows.js";
import type { CalibrationEntry, StoredObject } from "./dataset.js";
import type { StoreLayout } from "./layout.js";
import type { ObjectStore } from "./object-store.js";
import { readRecordObject } from "./record-object.js";
import { sharedBytes } from "./shared-bytes.js";
import { unfit } from "./shot-rules.js";
import type { SqliteConnection } from "./sqlite-connection.js";

const calibrationExtension = ".json";

/** Writes the record durably. @throws CallerError USAGE for a record that breaks its schema. */
export async function writeCalibration(objects: ObjectStore, record: Calibration): Promise<CalibrationEntry> {
  const checked = checkCalibration(record);
  if (!checked.ok) throw unfit("a calibration", checked.reason);
  const bytes = sharedBytes(calibrationText(checked.record));
  return entryOfRecord(checked.record, await objects.write([bytes], calibrationExtension));
}

/** What journal and database hold of a record. */
export function entryOfRecord(record: Calibration, { sha256, bytes }: StoredObject): CalibrationEntry {
  const { calibrationId, kind, createdAt, expiresAt, rig, verdict } = record;
  const calibrated =
    rig === null ? null : { name: rig.name, nearSerial: rig.near.serial, farSerial: rig.far.serial };
  return { calibrationId, kind, createdAt, expiresAt, rig: calibrated, verdict, sha256, bytes };
}

/** @throws CallerError USAGE when the store has a calibration of this id. */
export async function assertNewCalibration(
  connection: SqliteConnection,
  calibrationId: string,
): Promise<void> {
  if ((await findCalibration(connection, calibrationId)) === null) return;
  throw unfit(`calibration ${calibrationId}`, "the store has one of this id");
}

/** @throws CallerError NOT_FOUND. */
export async function requireCalibration(
  connection: SqliteConnection,
  calibrationId: string,
): Promise<CalibrationEntry> {
  const entry = await findCalibration(connection, calibrationId);
  if (entry !== null) return entry;
  throw new CallerError("NOT_FOUND", `there is no calibration ${calibrationId} in this store`, {
    advice: "`nearfar calibrate list` names the calibrations.",
  });
}

/** The record of a stored calibration. @throws WorldError FILE_CORRUPT when its object is missing or altered. */
export async function readCalibrationObject(
  layout: StoreLayout,
  { calibrationId, sha256 }: CalibrationEntry,
): Promise<Calibration> {
  const path = layout.objectPath(sha256, calibrationExtension);
  return readRecordObject(path, sha256, parseCalibrationText, (reason) =>
    notAsStored(calibrationId, path, reason),
  );
}

function notAsStored(calibrationId: string, path: string, reason: string): WorldError {
  return new WorldError("FILE_CORRUPT", `the record of calibration ${calibrationId}, ${path}: ${reason}`, {
    advice: "Restore this file from a copy of the store, or calibrate again.",
  });
}
