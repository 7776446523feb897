/**
 * What each journal entry means in the database. Live writing, recovery after a crash and the
 * rebuild all go through here, so that they cannot disagree.
 */
import { alignmentFiles } from "../schema/alignment.js";
import type { FrameRecord, ShotRecord } from "../schema/records.js";
import { insertRow, insertRows, type Row } from "./insert-rows.js";
import type { JournalEntry } from "./journal-entry.js";
import type { SqliteConnection } from "./sqlite-connection.js";

/** Finds the shot that a `shot-committed` entry speaks of. */
export type ShotSource = (shotId: number, sidecarSha256: string) => Promise<ShotRecord>;

/** Writes the rows of one entry. The caller holds the transaction. */
export async function applyEntry(
  connection: SqliteConnection,
  entry: JournalEntry,
  shotSource: ShotSource,
): Promise<void> {
  switch (entry.kind) {
    case "session-started":
      return insertSession(connection, entry);
    case "session-ended":
      await connection.run("UPDATE session SET ended_at = ? WHERE session_id = ?", [
        entry.data.endedAt,
        entry.data.sessionId,
      ]);
      return;
    case "shot-opened":
      return insertOpenShot(connection, entry);
    case "shot-committed": {
      const { shotId, sidecarSha256 } = entry.data;
      return commitShot(connection, await shotSource(shotId, sidecarSha256), sidecarSha256, entry.at);
    }
    case "stray":
      return insertStray(connection, entry);
    case "shot-reviewed":
      return insertRow(connection, "review", {
        shot_id: entry.data.shotId,
        kind: entry.data.kind,
        text: entry.data.text,
        reviewed_at: entry.data.reviewedAt,
      });
    case "calibration-added":
      return insertCalibration(connection, entry);
    case "alignment-added":
      return insertAlignment(connection, entry);
  }
}

type EntryOf<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: Kind }>;

async function insertSession(
  connection: SqliteConnection,
  { data, at }: EntryOf<"session-started">,
): Promise<void> {
  // A session without a consent reference does not take away the consent given earlier.
  await connection.run(
    `INSERT INTO subject (subject_id, consent_ref, first_seen_at) VALUES (?, ?, ?)
     ON CONFLICT (subject_id) DO UPDATE SET consent_ref = coalesce(excluded.consent_ref, consent_ref)`,
    [data.subject.subjectId, data.subject.consentRef, at],
  );
  await insertRow(connection, "session", {
    session_id: data.sessionId,
    subject_id: data.subject.subjectId,
    consent_ref: data.subject.consentRef,
    started_at: data.startedAt,
    ended_at: data.endedAt,
    rig_name: data.rigName,
    rig_config: jsonText(data.rigConfig),
    plan: jsonText(data.plan),
    devices: jsonText(data.devices),
    software_version: data.softwareVersion,
  });
  await insertRows(
    connection,
    "session_calibration",
    data.calibrations.map((calibrationId, position) => ({
      columns: { session_id: data.sessionId, position, calibration_id: calibrationId },
      integers: {},
    })),
  );
}

async function insertCalibration(
  connection: SqliteConnection,
  { data, at }: EntryOf<"calibration-added">,
): Promise<void> {
  await insertObjects(connection, [{ sha256: data.sha256, bytes: data.bytes, extension: ".json" }], at);
  await insertRow(connection, "calibration", {
    calibration_id: data.calibrationId,
    kind: data.kind,
    created_at: data.createdAt,
    expires_at: data.expiresAt,
    rig_name: data.rig?.name ?? null,
    near_serial: data.rig?.nearSerial ?? null,
    far_serial: data.rig?.farSerial ?? null,
    verdict: data.verdict,
    sha256: data.sha256,
  });
}

async function insertAlignment(
  connection: SqliteConnection,
  { data, at }: EntryOf<"alignment-added">,
): Promise<void> {
  const { alignmentNumber, files } = data;
  const objects = files.map(({ name, ...object }) => ({ ...object, extension: alignmentFiles[name] }));
  const record = { sha256: data.sha256, bytes: data.bytes, extension: ".json" };
  await insertObjects(connection, [record, ...objects], at);
  await insertRow(connection, "alignment", {
    alignment_number: alignmentNumber,
    shot_id: data.shotId,
    input_key: data.inputKey,
    created_at: data.createdAt,
    verdict: data.verdict,
    reasons: jsonText(data.reasons),
    approximate: data.approximate ? 1 : 0,
    pair_calibration_id: data.pairCalibrationId,
    color_calibration_id: data.colorCalibrationId,
    sha256: data.sha256,
  });
  await insertRows(
    connection,
    "alignment_file",
    files.map(({ name, sha256 }, position) => ({
      columns: { alignment_number: alignmentNumber, position, name, sha256 },
      integers: {},
    })),
  );
}

/** Objects that are known already stay as they are. */
function insertObjects(
  connection: SqliteConnection,
  objects: readonly { readonly sha256: string; readonly bytes: number; readonly extension: string }[],
  firstSeenAt: string,
): Promise<void> {
  const rows = objects.map(({ sha256, bytes, extension }) => ({
    columns: { sha256, bytes, extension, first_seen_at: firstSeenAt },
    integers: {},
  }));
  return insertRows(connection, "object", rows, "ON CONFLICT DO NOTHING");
}

async function insertOpenShot(connection: SqliteConnection, { data }: EntryOf<"shot-opened">): Promise<void> {
  await insertRow(connection, "shot", {
    shot_id: data.shotId,
    session_id: data.sessionId,
    opened_at: data.openedAt,
    purpose: data.purpose,
    plan_index: data.planIndex,
    distance_mm: data.distanceMm,
    expression: data.expression,
    pose: data.pose,
    repeat: data.repeat,
    retake_of: data.retakeOf,
  });
}

async function insertStray(connection: SqliteConnection, { data }: EntryOf<"stray">): Promise<void> {
  await insertRow(
    connection,
    "stray_frame",
    {
      session_id: data.sessionId,
      arm: data.arm,
      outcome: data.outcome,
      frame_id: data.frameId,
      shot_id: data.shotId,
    },
    { device_time_ns: data.deviceTimeNs, host_time_ns: data.hostTimeNs },
  );
}

async function commitShot(
  connection: SqliteConnection,
  shot: ShotRecord,
  sidecarSha256: string,
  at: string,
): Promise<void> {
  const { frames, shotId } = shot;
  const objects = frames.map(({ objectSha256, bytes }) => ({
    sha256: objectSha256,
    bytes,
    extension: ".tif",
  }));
  await insertObjects(connection, objects, at);
  await insertRows(
    connection,
    "frame",
    frames.map((frame, position) => frameRow(shotId, position, frame)),
  );
  const columns = {
    plan_index: shot.planIndex,
    distance_mm: shot.distanceMm,
    expression: shot.expression,
    pose: shot.pose,
    repeat: shot.repeat,
    retake_of: shot.retakeOf,
    committed_at: at,
    sidecar_sha256: sidecarSha256,
    captured_at: shot.capturedAt,
    boot_id: shot.bootId,
    trigger_number: shot.triggerNumber,
    clock_residual_us: shot.clockResidualUs,
    skew_us: shot.skewUs,
    skew_kind: shot.skewKind,
    outcome: shot.outcome,
    verdict: shot.verdict,
    reasons: jsonText(shot.reasons),
  };
  const integers = {
    near_edge_tick: shot.edgeTick.near,
    far_edge_tick: shot.edgeTick.far,
    near_exposure_start_tick: shot.exposureStartTick.near,
    far_exposure_start_tick: shot.exposureStartTick.far,
    near_exposure_end_tick: shot.exposureEndTick.near,
    far_exposure_end_tick: shot.exposureEndTick.far,
    strobe_tick: shot.strobeTick,
    host_time_ns: shot.hostTimeNs,
  };
  const assignments = [
    ...Object.keys(columns).map((name) => `${name} = ?`),
    ...Object.keys(integers).map((name) => `${name} = CAST(? AS INTEGER)`),
  ];
  await connection.run(`UPDATE shot SET ${assignments.join(", ")} WHERE shot_id = ?`, [
    ...Object.values(columns),
    ...Object.values(integers),
    shotId,
  ]);
}

function frameRow(shotId: number, position: number, frame: FrameRecord): Row {
  return {
    columns: {
      shot_id: shotId,
      position,
      arm: frame.arm,
      outcome: frame.outcome,
      object_sha256: frame.objectSha256,
      camera_serial: frame.cameraSerial,
      frame_id: frame.frameId,
      status: frame.status,
      pixel_format: frame.pixelFormat,
      width_px: frame.widthPx,
      height_px: frame.heightPx,
      bit_depth: frame.bitDepth,
      black_level: frame.blackLevel,
      white_level: frame.whiteLevel,
      mount_rotation_deg: frame.mount.rotationDeg,
      mount_mirrored: frame.mount.mirrored ? 1 : 0,
      exposure_us: frame.exposureUs,
      gain_db: frame.gainDb,
      mean_share: frame.quality?.meanShare ?? null,
      clipped_share: frame.quality?.clippedShare ?? null,
      sharpness: frame.quality?.sharpness ?? null,
    },
    integers: { device_time_ns: frame.deviceTimeNs, host_time_ns: frame.hostTimeNs },
  };
}

/** JSON text; null for what JSON cannot hold (undefined, a function). */
function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
