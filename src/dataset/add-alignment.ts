/** Adding an aligned pair: its record becomes an object, then journal and rows speak of it. */
import type { AlignmentRecord } from "../schema/alignment.js";
import { alignmentText, checkAlignment } from "../schema/alignment-text.js";
import type { ShotRecord } from "../schema/records.js";
import {
  type AlignmentContent,
  contentOfRecord,
  findMissingFile,
  recordExtension,
} from "./alignment-objects.js";
import { findAlignment, nextAlignmentNumber } from "./alignment-rows.js";
import type { AlignmentEntry } from "./dataset.js";
import type { StoreLayout } from "./layout.js";
import type { ObjectStore } from "./object-store.js";
import { sharedBytes } from "./shared-bytes.js";
import { listShots } from "./shot-rows.js";
import { unfit } from "./shot-rules.js";
import type { StoreParts } from "./store-dataset.js";
import type { StoreWriter } from "./store-writer.js";

/** See `Dataset.addAlignment`. */
export async function addAlignment(
  { layout, objects, reader, clock }: StoreParts,
  writer: StoreWriter,
  shotId: number,
  record: AlignmentRecord,
): Promise<AlignmentEntry> {
  const [shot] = await listShots(reader, { shotId });
  const checked = await checkedAlignment(layout, shotId, shot, record);
  const content = await writeRecord(objects, shotId, checked);
  return writer.write(async (connection) => {
    const there = await findAlignment(connection, shotId, content.inputKey);
    if (there !== null) return { entry: null, result: there };
    const alignmentNumber = await nextAlignmentNumber(connection);
    const entry = { alignmentNumber, createdAt: clock.utcNow(), ...content };
    return { entry: { kind: "alignment-added", data: entry }, result: entry };
  });
}

/**
 * The record as it is stored.
 * @throws CallerError USAGE when it breaks its schema, is not of this shot's pair of frames, or names a file twice
 *   or one that was not written.
 */
async function checkedAlignment(
  layout: StoreLayout,
  shotId: number,
  shot: ShotRecord | undefined,
  record: AlignmentRecord,
): Promise<AlignmentRecord> {
  const what = `an alignment of shot ${shotId}`;
  const checked = checkAlignment(record);
  if (!checked.ok) throw unfit(what, checked.reason);
  if (shot?.purpose !== "pair" || shot.outcome !== "paired") throw unfit(what, "it is not a stored pair");
  for (const arm of ["near", "far"] as const) {
    const frame = shot.frames.find((each) => each.arm === arm && each.outcome === "paired");
    if (frame?.objectSha256 !== checked.record.input[arm].sha256)
      throw unfit(what, `its ${arm} frame is another one`);
  }
  const { files } = checked.record;
  if (new Set(files.map(({ name }) => name)).size < files.length) throw unfit(what, "it names a file twice");
  const missing = await findMissingFile(layout, files);
  if (missing !== undefined)
    throw unfit(what, `object ${missing.sha256}, its ${missing.name}, was not written`);
  return checked.record;
}

/** Writes the record durably. */
async function writeRecord(
  objects: ObjectStore,
  shotId: number,
  record: AlignmentRecord,
): Promise<AlignmentContent> {
  const object = await objects.write([sharedBytes(alignmentText(record))], recordExtension);
  return contentOfRecord(shotId, record, object);
}
