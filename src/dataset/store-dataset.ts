/** The dataset on disk. Made by {@link openDataset}. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.js";
import { CallerError } from "../base/errors.js";
import type { AlignmentRecord } from "../schema/alignment.js";
import type { Calibration } from "../schema/calibration.js";
import type { CalibrationKind } from "../schema/calibration-header.js";
import {
  type ArmName,
  type FrameRecord,
  type SessionRecord,
  type ShotRecord,
  type ShotReview,
  type StrayFrame,
  subjectSchema,
} from "../schema/records.js";
import { addAlignment } from "./add-alignment.js";
import { alignmentIsThere, readAlignmentObject, requireAlignment } from "./alignment-objects.js";
import { countAlignments, findAlignment, listAlignments } from "./alignment-rows.js";
import { auditStore } from "./audit.js";
import {
  assertNewCalibration,
  readCalibrationObject,
  requireCalibration,
  writeCalibration,
} from "./calibration-objects.js";
import { findLatestCalibration, listCalibrations } from "./calibration-rows.js";
import type {
  AlignmentCounts,
  AlignmentEntry,
  AlignmentFilter,
  AuditReport,
  CalibrationEntry,
  CalibrationFilter,
  CameraSerials,
  Dataset,
  NewSession,
  ObjectExtension,
  OpenShot,
  ShotFilter,
  ShotIntent,
  StoredObject,
  VerdictCounts,
} from "./dataset.js";
import type { StoreLayout } from "./layout.js";
import type { ObjectStore } from "./object-store.js";
import { findConsent, findSession, listSessions } from "./session-rows.js";
import { listOpenShots, listReviews, listShots, listStrays } from "./shot-rows.js";
import { checkReview, checkShot, checkStray, unfit } from "./shot-rules.js";
import { assertCommitted, assertOpen } from "./shot-state.js";
import { encodeSidecar } from "./sidecar.js";
import type { SqliteConnection } from "./sqlite-connection.js";
import { asStoreError, freeBytesAt } from "./store-errors.js";
import { StoreFiles, sizeOf } from "./store-files.js";
import type { StoreWriter } from "./store-writer.js";
import { countVerdicts } from "./verdict-counts.js";
import type { WriterLock } from "./writer-lock.js";

/** What a dataset is made of; `writing` is null when it is open for reading only. */
export interface StoreParts {
  readonly layout: StoreLayout;
  readonly clock: Clock;
  readonly objects: ObjectStore;
  readonly reader: SqliteConnection;
  readonly writing: { readonly writer: StoreWriter; readonly lock: WriterLock } | null;
}

export class StoreDataset implements Dataset {
  readonly directory: string;
  readonly readOnly: boolean;
  readonly #parts: StoreParts;
  readonly #files: StoreFiles;
  #closing: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#files = new StoreFiles(parts.layout);
    this.directory = parts.layout.directory;
    this.readOnly = parts.writing === null;
  }

  startSession(session: NewSession): Promise<SessionRecord> {
    return this.#do("start a session", async () => {
      const startedAt = this.#parts.clock.utcNow();
      const subject = subjectSchema.safeParse(session.subject);
      if (!subject.success) throw unfit("the session's subject", subject.error.message);
      const record: SessionRecord = {
        ...session,
        rigConfig: session.rigConfig ?? null,
        plan: session.plan ?? null,
        devices: session.devices ?? null,
        calibrations: [...(session.calibrations ?? [])],
        sessionId: newSessionId(startedAt),
        startedAt,
        endedAt: null,
      };
      await this.#writer().write(async (connection) => {
        const { subjectId, consentRef } = subject.data;
        const consent = consentRef ?? (await findConsent(connection, subjectId));
        const data = { ...record, subject: { subjectId, consentRef: consent } };
        return { entry: { kind: "session-started", data }, result: undefined };
      });
      return this.#knownSession(record.sessionId);
    });
  }

  endSession(sessionId: string): Promise<SessionRecord> {
    return this.#do("end a session", async () => {
      const endedAt = this.#parts.clock.utcNow();
      await this.#writer().write(async (connection) => {
        if ((await findSession(connection, sessionId)) === null) throw noSession(sessionId);
        return { entry: { kind: "session-ended", data: { sessionId, endedAt } }, result: undefined };
      });
      return this.#knownSession(sessionId);
    });
  }

  session(sessionId: string): Promise<SessionRecord | null> {
    return this.#do("read a session", () => findSession(this.#parts.reader, sessionId));
  }

  sessions(): Promise<readonly SessionRecord[]> {
    return this.#do("list the sessions", () => listSessions(this.#parts.reader));
  }

  openShot(intent: ShotIntent): Promise<OpenShot> {
    return this.#do("reserve a shot id", () =>
      this.#writer().write(async (connection) => {
        const last = await connection.first<{ seq: number }>(
          "SELECT seq FROM sqlite_sequence WHERE name = 'shot'",
        );
        const shot: OpenShot = {
          shotId: (last?.seq ?? 0) + 1,
          sessionId: intent.sessionId,
          openedAt: this.#parts.clock.utcNow(),
          purpose: intent.purpose,
          planIndex: intent.planIndex,
          distanceMm: intent.distanceMm,
          expression: intent.expression,
          pose: intent.pose,
          repeat: intent.repeat,
          retakeOf: intent.retakeOf,
        };
        return { entry: { kind: "shot-opened", data: shot }, result: shot };
      }),
    );
  }

  openShots(sessionId?: string): Promise<readonly OpenShot[]> {
    return this.#do("list the open shots", () => listOpenShots(this.#parts.reader, sessionId));
  }

  writeObject(
    parts: readonly Uint8Array<SharedArrayBuffer>[],
    extension: ObjectExtension,
  ): Promise<StoredObject> {
    return this.#do("write an object", async () => {
      this.#writer();
      return this.#parts.objects.write(parts, extension);
    });
  }

  commitShot(shot: ShotRecord): Promise<void> {
    return this.#do(`store shot ${shot.shotId}`, async () => {
      const writer = this.#writer();
      checkShot(shot);
      await this.#assertObjectsWritten(shot);
      const sidecar = encodeSidecar(shot);
      await writer.write(async (connection) => {
        await assertOpen(connection, shot);
        return {
          entry: { kind: "shot-committed", data: { shotId: shot.shotId, sidecarSha256: sidecar.sha256 } },
          shotSource: async () => shot,
          durableFirst: this.#files.writeSidecar(shot.shotId, sidecar.text),
          result: undefined,
        };
      });
    });
  }

  recordStray(frame: StrayFrame): Promise<void> {
    return this.#do("record a stray frame", async () => {
      checkStray(frame);
      await this.#writer().write(async () => ({ entry: { kind: "stray", data: frame }, result: undefined }));
    });
  }

  recordReview(review: ShotReview): Promise<void> {
    return this.#do("record a review", async () => {
      checkReview(review);
      await this.#writer().write(async (connection) => {
        await assertCommitted(connection, review.shotId);
        return { entry: { kind: "shot-reviewed", data: review }, result: undefined };
      });
    });
  }

  writePreview(shotId: number, arm: ArmName, jpeg: Uint8Array): Promise<void> {
    return this.#do("write a preview", async () => {
      this.#writer();
      await this.#files.writePreview(this.previewPath(shotId, arm), jpeg);
    });
  }

  previewPath(shotId: number, arm: ArmName): string {
    return this.#parts.layout.previewPath(shotId, arm);
  }

  truthFolder(shotId: number): string {
    return this.#parts.layout.truthFolder(shotId);
  }

  objectPath(object: StoredObject, extension: ObjectExtension): string {
    return this.#parts.layout.objectPath(object.sha256, extension);
  }

  addCalibration(record: Calibration): Promise<CalibrationEntry> {
    return this.#do("store a calibration", async () => {
      const writer = this.#writer();
      const entry = await writeCalibration(this.#parts.objects, record);
      return writer.write(async (connection) => {
        await assertNewCalibration(connection, entry.calibrationId);
        return { entry: { kind: "calibration-added", data: entry }, result: entry };
      });
    });
  }

  calibrations(filter: CalibrationFilter): Promise<readonly CalibrationEntry[]> {
    return this.#do("list the calibrations", () => listCalibrations(this.#parts.reader, filter));
  }

  readCalibration(calibrationId: string): Promise<Calibration> {
    return this.#do("read a calibration", async () => {
      const { layout, reader } = this.#parts;
      return readCalibrationObject(layout, await requireCalibration(reader, calibrationId));
    });
  }

  latestCalibration(
    kind: CalibrationKind,
    serials: CameraSerials,
    before?: string,
  ): Promise<CalibrationEntry | null> {
    return this.#do("look up a calibration", () =>
      findLatestCalibration(this.#parts.reader, kind, serials, before ?? null),
    );
  }

  addAlignment(shotId: number, record: AlignmentRecord): Promise<AlignmentEntry> {
    return this.#do(`store an alignment of shot ${shotId}`, async () =>
      addAlignment(this.#parts, this.#writer(), shotId, record),
    );
  }

  findAlignment(shotId: number, inputKey: string): Promise<AlignmentEntry | null> {
    return this.#do("look up an alignment", () => findAlignment(this.#parts.reader, shotId, inputKey));
  }

  hasObjects(entry: AlignmentEntry): Promise<boolean> {
    return this.#do("look for an alignment's files", () => alignmentIsThere(this.#parts.layout, entry));
  }

  alignments(filter: AlignmentFilter): Promise<readonly AlignmentEntry[]> {
    return this.#do("list the alignments", () => listAlignments(this.#parts.reader, filter));
  }

  readAlignment(alignment: AlignmentEntry | number): Promise<AlignmentRecord> {
    return this.#do("read an alignment", async () => {
      const { layout, reader } = this.#parts;
      const entry = typeof alignment === "number" ? await requireAlignment(reader, alignment) : alignment;
      return readAlignmentObject(layout, entry);
    });
  }

  alignmentCounts(): Promise<ReadonlyMap<string, AlignmentCounts>> {
    return this.#do("count the alignments", () => countAlignments(this.#parts.reader));
  }

  shot(shotId: number): Promise<ShotRecord | null> {
    return this.#do("read a shot", async () => (await listShots(this.#parts.reader, { shotId }))[0] ?? null);
  }

  shots(filter: ShotFilter): Promise<readonly ShotRecord[]> {
    return this.#do("list the shots", () => listShots(this.#parts.reader, filter));
  }

  verdictCounts(): Promise<ReadonlyMap<string, VerdictCounts>> {
    return this.#do("count the verdicts", () => countVerdicts(this.#parts.reader));
  }

  strays(sessionId: string): Promise<readonly StrayFrame[]> {
    return this.#do("list the stray frames", () => listStrays(this.#parts.reader, sessionId));
  }

  reviews(sessionId: string): Promise<readonly ShotReview[]> {
    return this.#do("list the reviews", () => listReviews(this.#parts.reader, sessionId));
  }

  audit(options: Parameters<Dataset["audit"]>[0]): Promise<AuditReport> {
    return this.#do("audit the store", () => auditStore(this.#parts, options)).catch((error: unknown) => {
      throw options.signal?.aborted === true ? options.signal.reason : error;
    });
  }

  sweepIncoming(): Promise<number> {
    return this.#do("clear incoming", async () => {
      this.#writer();
      return this.#files.sweepIncoming((path) => this.#parts.objects.isWriting(path));
    });
  }

  freeBytes(): Promise<number> {
    return this.#do("ask for free space", () => freeBytesAt(this.directory));
  }

  /** Waits for changes in flight, cuts objects off, and gives the store back. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { objects, reader, writing } = this.#parts;
    await objects.close();
    await reader.close();
    // The writer closes last, so that it can move the WAL into the database.
    await writing?.writer.close();
    await writing?.lock.release();
  }

  /** Runs one operation; its errors leave with a code and advice. `action` completes "could not …". */
  async #do<T>(action: string, operation: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) {
      throw new CallerError("CLOSED", `could not ${action}: the store was closed`, {
        advice: "Open it again.",
      });
    }
    try {
      return await operation();
    } catch (error) {
      throw await asStoreError(error, this.directory, action);
    }
  }

  #writer(): StoreWriter {
    if (this.#parts.writing === null) {
      throw new CallerError("STORE_READ_ONLY", `${this.directory} was opened for reading only`, {
        advice: "Open it for writing to change it.",
      });
    }
    return this.#parts.writing.writer;
  }

  async #knownSession(sessionId: string): Promise<SessionRecord> {
    const record = await findSession(this.#parts.reader, sessionId);
    if (record === null) throw noSession(sessionId);
    return record;
  }

  async #assertObjectsWritten(shot: ShotRecord): Promise<void> {
    const check = async (frame: FrameRecord): Promise<void> => {
      const size = await sizeOf(this.#parts.layout.objectPath(frame.objectSha256, ".tif"));
      if (size === frame.bytes) return;
      const found = size === null ? "was not written" : `has ${size} bytes instead of ${frame.bytes}`;
      throw unfit(`shot ${shot.shotId}`, `object ${frame.objectSha256} of its ${frame.arm} frame ${found}`);
    };
    await Promise.all(shot.frames.map(check));
  }
}

/** Sorts by time and is unique: `20261123T004348Z-1f2e3d`. */
function newSessionId(startedAt: string): string {
  return `${startedAt.replace(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
}

function noSession(sessionId: string): CallerError {
  return new CallerError("NOT_FOUND", `there is no session ${sessionId} in this store`, {
    advice: "`nearfar session list` names the sessions.",
  });
}
