/** What a dataset offers to capture, the command line and the server. Opened by `openDataset`. */
import type {
  AlignmentFileName,
  AlignmentReason,
  AlignmentRecord,
  AlignmentVerdict,
} from "../schema/alignment.js";
import type { Calibration } from "../schema/calibration.js";
import type { CalibrationKind } from "../schema/calibration-header.js";
import type {
  ArmName,
  SessionRecord,
  ShotPurpose,
  ShotRecord,
  ShotReview,
  StrayFrame,
  Subject,
  TriggerOutcome,
  Verdict,
} from "../schema/records.js";

export interface NewSession {
  readonly subject: Subject;
  readonly rigName: string;
  readonly rigConfig: unknown;
  readonly plan: unknown;
  readonly devices: unknown;
  readonly softwareVersion: string;
  /** Ids of stored calibrations that are in force; none unless given. */
  readonly calibrations?: readonly string[];
}

/** What is known of a stored calibration without reading its record. */
export interface CalibrationEntry {
  readonly calibrationId: string;
  readonly kind: CalibrationKind;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Null when only files were calibrated. */
  readonly rig: { readonly name: string; readonly nearSerial: string; readonly farSerial: string } | null;
  readonly verdict: Calibration["verdict"];
  /** Of the record's text. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Serial numbers of the cameras of a rig. */
export interface CameraSerials {
  readonly near: string;
  readonly far: string;
}

export interface CalibrationFilter {
  readonly kind?: CalibrationKind;
  readonly serials?: CameraSerials;
}

/** What is known of a stored alignment without reading its record. */
export interface AlignmentEntry {
  /** Unique in the dataset, from 1, never reused. */
  readonly alignmentNumber: number;
  readonly shotId: number;
  /** `inputKeyOf` the record's input. */
  readonly inputKey: string;
  /** UTC; when it was added. */
  readonly createdAt: string;
  readonly verdict: AlignmentVerdict;
  readonly reasons: readonly AlignmentReason[];
  readonly approximate: boolean;
  readonly pairCalibrationId: string | null;
  readonly colorCalibrationId: string | null;
  /** Of the record's text. */
  readonly sha256: string;
  readonly bytes: number;
  /** Objects; `alignmentFiles` says of which extension. */
  readonly files: readonly (StoredObject & { readonly name: AlignmentFileName })[];
}

export interface AlignmentFilter {
  readonly sessionId?: string;
  readonly shotId?: number;
  readonly verdict?: AlignmentVerdict;
  /** Also those that a later alignment of the same shot took the place of; false by default. */
  readonly superseded?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

/** Of one session, by the newest alignment of each shot. */
export interface AlignmentCounts {
  readonly aligned: number;
  /** Those of them that were made without a geometric calibration. */
  readonly approximate: number;
  readonly verdicts: Readonly<Record<AlignmentVerdict, number>>;
}

/** Of objects that callers write and find. */
export type ObjectExtension = ".tif" | ".npy";

/** What is known of a shot before it is fired; enough to close it after a crash. */
export interface ShotIntent {
  readonly sessionId: string;
  /** `sync` for a dry trigger of the arm barrier, which has no frames of its own. */
  readonly purpose: ShotPurpose;
  readonly planIndex: number | null;
  readonly distanceMm: number;
  readonly expression: string;
  readonly pose: string;
  readonly repeat: number;
  readonly retakeOf: number | null;
}

export interface OpenShot extends ShotIntent {
  readonly shotId: number;
  readonly openedAt: string;
}

export interface StoredObject {
  readonly sha256: string;
  readonly bytes: number;
}

export interface ShotFilter {
  readonly sessionId?: string;
  readonly outcome?: TriggerOutcome;
  readonly verdict?: Verdict;
  /** Absent: both purposes. */
  readonly purpose?: ShotPurpose;
  readonly limit?: number;
  readonly offset?: number;
}

/** The committed shots of purpose `pair` of one session. */
export interface VerdictCounts {
  readonly shots: number;
  /** Those whose outcome is `paired`. */
  readonly pairs: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

export interface AuditFinding {
  readonly kind:
    | "open-shot"
    | "object-missing"
    | "object-corrupt"
    | "object-orphan"
    | "sidecar-missing"
    | "sidecar-differs"
    | "calibration-differs"
    | "alignment-differs"
    | "pair-incomplete"
    | "temp-file"
    | "trigger-gap";
  readonly shotId: number | null;
  readonly path: string | null;
  readonly message: string;
  /** `error`: something promised is not there. `note`: left over, harmless. */
  readonly severity: "error" | "note";
}

export interface AuditReport {
  readonly sessions: number;
  readonly triggers: number;
  readonly triggersByOutcome: Readonly<Record<TriggerOutcome, number>>;
  readonly frames: number;
  readonly framesByOutcome: Readonly<Record<string, number>>;
  readonly alignments: number;
  readonly objects: number;
  readonly bytes: number;
  readonly findings: readonly AuditFinding[];
}

export interface Dataset {
  /** Absolute path of the store. */
  readonly directory: string;
  readonly readOnly: boolean;

  /**
   * A session that names no consent reference gets the subject's latest one; a session keeps the
   * reference that it started with when a later session brings another.
   * In a store that is open for reading only this and every other writing call throws
   * STORE_READ_ONLY.
   */
  startSession(session: NewSession): Promise<SessionRecord>;
  /** @throws CallerError NOT_FOUND. */
  endSession(sessionId: string): Promise<SessionRecord>;
  session(sessionId: string): Promise<SessionRecord | null>;
  /** Newest first. */
  sessions(): Promise<readonly SessionRecord[]>;

  /**
   * Durably reserves the next shot id (unique in the dataset, from 1, never reused) before the
   * board is armed, so that a crash leaves a trigger that can be accounted for.
   */
  openShot(intent: ShotIntent): Promise<OpenShot>;
  /** Shots that were opened and never committed, oldest first. */
  openShots(sessionId?: string): Promise<readonly OpenShot[]>;
  /**
   * Writes one object: temp file, hash while writing, fsync, re-read hash, rename, fsync of the
   * folder; all off the JS thread. `parts` are written one after the other and must not change
   * until it resolves. The same content twice is stored once.
   * @throws WorldError STORE_FULL (nothing is left behind), STORE_IO.
   */
  writeObject(
    parts: readonly Uint8Array<SharedArrayBuffer>[],
    extension: ObjectExtension,
  ): Promise<StoredObject>;
  /**
   * Sidecar, journal, then one transaction for the shot and all its frames, whose objects must
   * have been written. When it resolves the shot is acknowledged and will not be lost. When it
   * rejects nothing of it is visible, the shot is still open, and it can be committed again.
   * @throws CallerError USAGE for a record that is not whole or was not opened; WorldError STORE_FULL,
   *   STORE_IO.
   */
  commitShot(shot: ShotRecord): Promise<void>;
  /** Counts a frame whose pixels are not kept; `shotId`, when given, names an opened shot. */
  recordStray(frame: StrayFrame): Promise<void>;
  /**
   * Adds an operator's word on a committed shot: journal first, then its row. Shot, verdict and
   * sidecar stay as they are.
   */
  recordReview(review: ShotReview): Promise<void>;
  /** Keeps a preview (JPEG); derived data, may be missing and can be made again. */
  writePreview(shotId: number, arm: ArmName, jpeg: Uint8Array): Promise<void>;
  previewPath(shotId: number, arm: ArmName): string;
  /** Where a virtual rig's truth about a shot lies, if it was kept; the caller makes the folder. */
  truthFolder(shotId: number): string;
  objectPath(object: StoredObject, extension: ObjectExtension): string;

  /**
   * Keeps a calibration for good: its record as a read-only object, then journal, then its row. Its object
   * may stay behind when it rejects.
   * @throws CallerError USAGE for a record that breaks its schema or whose id the store has already;
   *   WorldError STORE_FULL, STORE_IO.
   */
  addCalibration(record: Calibration): Promise<CalibrationEntry>;
  /** Newest first. */
  calibrations(filter: CalibrationFilter): Promise<readonly CalibrationEntry[]>;
  /** @throws CallerError NOT_FOUND; WorldError FILE_CORRUPT when its object is not what was stored. */
  readCalibration(calibrationId: string): Promise<Calibration>;
  /**
   * The newest calibration of a rig's cameras whose verdict is not FAIL, expired or not; null when there is
   * none. `before` (UTC): only of those made before then.
   */
  latestCalibration(
    kind: CalibrationKind,
    serials: CameraSerials,
    before?: string,
  ): Promise<CalibrationEntry | null>;

  /**
   * Keeps an alignment of a stored pair for good: its record as a read-only object, then journal, then its rows.
   * The objects of `record.files` must have been written. The same inputs again give the entry that is there.
   * Objects may stay behind when it rejects; the next attempt takes them up.
   * @throws CallerError USAGE for a record that breaks its schema, is not of this shot's frames, or names a file
   *   that was not written; WorldError STORE_FULL, STORE_IO.
   */
  addAlignment(shotId: number, record: AlignmentRecord): Promise<AlignmentEntry>;
  /** The alignment of these inputs (`inputKeyOf`), newest or not; null when there is none. */
  findAlignment(shotId: number, inputKey: string): Promise<AlignmentEntry | null>;
  /** Whether record and files are all there with their lengths; their content is for the audit. */
  hasObjects(entry: AlignmentEntry): Promise<boolean>;
  /** The newest alignment of each shot, in order of shot id; with `superseded` all, the newest of a shot first. */
  alignments(filter: AlignmentFilter): Promise<readonly AlignmentEntry[]>;
  /**
   * `alignment`: an entry of this store, or its number.
   * @throws CallerError NOT_FOUND; WorldError FILE_CORRUPT when its object is not what was stored.
   */
  readAlignment(alignment: AlignmentEntry | number): Promise<AlignmentRecord>;
  /** Counts by session id, for every session. */
  alignmentCounts(): Promise<ReadonlyMap<string, AlignmentCounts>>;

  shot(shotId: number): Promise<ShotRecord | null>;
  /** In order of shot id. */
  shots(filter: ShotFilter): Promise<readonly ShotRecord[]>;
  /** Counts by session id, for every session, without reading a shot. */
  verdictCounts(): Promise<ReadonlyMap<string, VerdictCounts>>;
  strays(sessionId: string): Promise<readonly StrayFrame[]>;
  /** Reviews of the session's shots, oldest first. */
  reviews(sessionId: string): Promise<readonly ShotReview[]>;

  /**
   * Triggers against frames against files against hashes. Reads every object from the device.
   * Rejects with the signal's reason when aborted; an audit of a whole store that is open for
   * writing then goes on at the next object when it is started again within a week.
   * @throws WorldError FILE_CORRUPT when database or journal themselves are damaged.
   */
  audit(options: {
    readonly sessionId?: string;
    readonly signal?: AbortSignal;
    readonly onProgress?: (doneObjects: number, allObjects: number) => void;
  }): Promise<AuditReport>;
  /** Frees what crashed writers left in `incoming/`; returns how many files. */
  sweepIncoming(): Promise<number>;
  /** Of the file system that holds the store, for an ordinary user. */
  freeBytes(): Promise<number>;
  /**
   * Waits for changes in flight, cuts objects off, and gives the store back. May be called twice;
   * every later call but `close` throws CLOSED.
   */
  close(): Promise<void>;
}
