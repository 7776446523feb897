/** Aligned pairs in the object store: a record, objects/ab/cdef….json, and the objects that it names. */
import { CallerError, WorldError } from "../base/errors.js";
import { type AlignmentRecord, alignmentFiles } from "../schema/alignment.js";
import { parseAlignmentText } from "../schema/alignment-text.js";
import { inputKeyOf } from "./alignment-key.js";
import { findAlignmentByNumber } from "./alignment-rows.js";
import type { AlignmentEntry, StoredObject } from "./dataset.js";
import type { StoreLayout } from "./layout.js";
import { readRecordObject } from "./record-object.js";
import type { SqliteConnection } from "./sqlite-connection.js";
import { sizeOf } from "./store-files.js";

export const recordExtension = ".json";

/** What journal and database hold of a record; number and time are given when it is added. */
export type AlignmentContent = Omit<AlignmentEntry, "alignmentNumber" | "createdAt">;

/** The first file that is not there with its length. */
export async function findMissingFile(
  layout: StoreLayout,
  files: AlignmentEntry["files"],
): Promise<AlignmentEntry["files"][number] | undefined> {
  const paths = files.map(({ name, sha256 }) => layout.objectPath(sha256, alignmentFiles[name]));
  const sizes = await Promise.all(paths.map(sizeOf));
  return files.find(({ bytes }, index) => sizes[index] !== bytes);
}

/** See `Dataset.hasObjects`. */
export async function alignmentIsThere(
  layout: StoreLayout,
  { sha256, bytes, files }: AlignmentEntry,
): Promise<boolean> {
  const recordBytes = await sizeOf(layout.objectPath(sha256, recordExtension));
  return recordBytes === bytes && (await findMissingFile(layout, files)) === undefined;
}

export function contentOfRecord(
  shotId: number,
  { input, verdict, reasons, approximate, files }: AlignmentRecord,
  { sha256, bytes }: StoredObject,
): AlignmentContent {
  return {
    shotId,
    inputKey: inputKeyOf(input),
    verdict,
    reasons,
    approximate,
    pairCalibrationId: input.pair?.calibrationId ?? null,
    colorCalibrationId: input.color?.calibrationId ?? null,
    sha256,
    bytes,
    files,
  };
}

/** @throws CallerError NOT_FOUND. */
export async function requireAlignment(
  connection: SqliteConnection,
  alignmentNumber: number,
): Promise<AlignmentEntry> {
  const entry = await findAlignmentByNumber(connection, alignmentNumber);
  if (entry !== null) return entry;
  throw new CallerError("NOT_FOUND", `there is no alignment ${alignmentNumber} in this store`, {
    advice: "`nearfar align` makes alignments; shots and their alignments are numbered apart.",
  });
}

/** The record of a stored alignment. @throws WorldError FILE_CORRUPT when its object is missing or altered. */
export async function readAlignmentObject(
  layout: StoreLayout,
  { shotId, sha256 }: AlignmentEntry,
): Promise<AlignmentRecord> {
  const path = layout.objectPath(sha256, recordExtension);
  return readRecordObject(path, sha256, parseAlignmentText, (reason) => notAsStored(shotId, path, reason));
}

function notAsStored(shotId: number, path: string, reason: string): WorldError {
  return new WorldError("FILE_CORRUPT", `the record of an alignment of shot ${shotId}, ${path}: ${reason}`, {
    advice:
      "Restore this file from a copy of the store, or remove what is left of it and align the pair again.",
  });
}
