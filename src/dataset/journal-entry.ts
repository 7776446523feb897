/**
 * Lines of journal.jsonl. Each is a JSON object that numbers itself and carries a checksum of its
 * own text, so that a torn or altered line is told from a good one:
 *
 *     {"n":17,"at":"2026-11-23T00:43:48.123Z","kind":"shot-opened","data":{…},"crc32":"9a0b1c2d"}
 */
import { crc32 } from "node:zlib";
import { z } from "zod";
import { WorldError } from "../base/errors.js";
import {
  type AlignmentFileName,
  alignmentFiles,
  alignmentReasonSchema,
  alignmentVerdicts,
} from "../schema/alignment.js";
import { calibrationIdSchema, calibrationKinds } from "../schema/calibration-header.js";
import {
  sessionRecordSchema,
  shotPurposeSchema,
  shotReviewSchema,
  strayFrameSchema,
} from "../schema/records.js";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const openShotSchema = z.strictObject({
  shotId: z.int().min(1),
  sessionId: z.string(),
  openedAt: z.string(),
  purpose: shotPurposeSchema,
  planIndex: z.int().nullable(),
  distanceMm: z.number(),
  expression: z.string(),
  pose: z.string(),
  repeat: z.int(),
  retakeOf: z.int().nullable(),
});

/** What the database holds of a calibration; the record itself is the object of that hash. */
const calibrationAddedSchema = z.strictObject({
  calibrationId: calibrationIdSchema,
  kind: z.enum(calibrationKinds),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  rig: z.strictObject({ name: z.string(), nearSerial: z.string(), farSerial: z.string() }).nullable(),
  verdict: z.enum(["PASS", "WARN", "FAIL"]),
  sha256,
  bytes: z.int(),
});

/** What the database holds of an alignment; the record itself is the object of `sha256`. */
const alignmentAddedSchema = z.strictObject({
  alignmentNumber: z.int().min(1),
  shotId: z.int(),
  inputKey: sha256,
  createdAt: z.string(),
  verdict: z.enum(alignmentVerdicts),
  reasons: z.array(alignmentReasonSchema).readonly(),
  approximate: z.boolean(),
  pairCalibrationId: z.string().nullable(),
  colorCalibrationId: z.string().nullable(),
  sha256,
  bytes: z.int(),
  files: z
    .array(
      z.strictObject({
        name: z.enum(Object.keys(alignmentFiles) as [AlignmentFileName, ...AlignmentFileName[]]),
        sha256,
        bytes: z.int(),
      }),
    )
    .readonly(),
});

const bodySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("session-started"), data: sessionRecordSchema }),
  z.strictObject({
    kind: z.literal("session-ended"),
    data: z.strictObject({ sessionId: z.string(), endedAt: z.string() }),
  }),
  z.strictObject({ kind: z.literal("shot-opened"), data: openShotSchema }),
  /** The shot itself is in its sidecar; the hash ties the two together. */
  z.strictObject({
    kind: z.literal("shot-committed"),
    data: z.strictObject({ shotId: z.int(), sidecarSha256: sha256 }),
  }),
  z.strictObject({ kind: z.literal("stray"), data: strayFrameSchema }),
  z.strictObject({ kind: z.literal("shot-reviewed"), data: shotReviewSchema }),
  z.strictObject({ kind: z.literal("calibration-added"), data: calibrationAddedSchema }),
  z.strictObject({ kind: z.literal("alignment-added"), data: alignmentAddedSchema }),
]);
/** What happened, before it has a place in the journal. */
export type JournalBody = z.infer<typeof bodySchema>;

/** What happened, and when it was written down (UTC, ms). */
export type JournalEntry = JournalBody & { readonly at: string };

const checksumText = /^,"crc32":"([0-9a-f]{8})"\}$/;
const checksumLength = `,"crc32":"00000000"}`.length;

/** The line without its newline. `number` counts lines from 1. */
export function encodeEntry(entry: JournalEntry, number: number): string {
  const text = JSON.stringify({ n: number, at: entry.at, kind: entry.kind, data: entry.data }).slice(0, -1);
  return `${text},"crc32":"${crc32(text).toString(16).padStart(8, "0")}"}`;
}

/**
 * Checks number and checksum of a line without parsing it.
 * @throws WorldError FILE_CORRUPT naming file and line.
 */
export function checkLine(line: Buffer, number: number, path: string): void {
  const text = line.subarray(0, Math.max(0, line.length - checksumLength));
  const sum = checksumText.exec(line.subarray(text.length).toString("latin1"))?.[1];
  if (sum === undefined || Number.parseInt(sum, 16) !== crc32(text)) {
    throw corruptLine(path, number, "the checksum does not fit the text");
  }
  if (!text.subarray(0, 32).toString("latin1").startsWith(`{"n":${number},`)) {
    throw corruptLine(path, number, "the line number is not the next one: lines are missing or doubled");
  }
}

/** Parses the text of a line; a string says what is wrong with it. */
export function parseEntry(text: string): JournalEntry | string {
  const { at, kind, data } = JSON.parse(text) as Record<string, unknown>;
  const body = bodySchema.safeParse({ kind, data });
  if (!body.success) return body.error.message;
  return typeof at === "string" ? { ...body.data, at } : "it has no time";
}

/** Parses a line that {@link checkLine} has passed. @throws WorldError FILE_CORRUPT. */
export function decodeLine(line: Buffer, number: number, path: string): JournalEntry {
  const entry = parseEntry(line.toString("utf8"));
  if (typeof entry === "string") throw corruptLine(path, number, entry);
  return entry;
}

export function corruptLine(path: string, number: number, reason: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${path}, line ${number}: ${reason}`, {
    advice:
      "Restore the journal from a copy; nothing was changed. It is only ever appended to, by nearfar alone.",
  });
}
