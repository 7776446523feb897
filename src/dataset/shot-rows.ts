/** Shot, frame, stray and review rows as records. 64-bit integers leave SQLite as text. */
import type { FrameRecord, ShotRecord, ShotReview, StrayFrame } from "../schema/records.js";
import type { OpenShot, ShotFilter } from "./dataset.js";
import type { SqliteConnection, SqlValue } from "./sqlite-connection.js";

interface IntentRow {
  readonly shot_id: number;
  readonly session_id: string;
  readonly opened_at: string;
  readonly purpose: OpenShot["purpose"];
  readonly plan_index: number | null;
  readonly distance_mm: number;
  readonly expression: string;
  readonly pose: string;
  readonly repeat: number;
  readonly retake_of: number | null;
}

/** A committed shot; the CHECK constraints of the table say what cannot be null. */
interface ShotRow extends IntentRow {
  readonly captured_at: string;
  readonly boot_id: string | null;
  readonly trigger_number: number | null;
  readonly near_edge_tick_text: string | null;
  readonly far_edge_tick_text: string | null;
  readonly near_exposure_start_tick_text: string | null;
  readonly far_exposure_start_tick_text: string | null;
  readonly near_exposure_end_tick_text: string | null;
  readonly far_exposure_end_tick_text: string | null;
  readonly strobe_tick_text: string | null;
  readonly shot_host_time_ns_text: string | null;
  readonly clock_residual_us: number | null;
  readonly skew_us: number | null;
  readonly skew_kind: ShotRecord["skewKind"];
  readonly shot_outcome: ShotRecord["outcome"];
  readonly verdict: ShotRecord["verdict"];
  readonly reasons: string;
}

interface FrameRow {
  /** null: the shot has no frame. */
  readonly position: number | null;
  readonly arm: FrameRecord["arm"];
  readonly outcome: FrameRecord["outcome"];
  readonly object_sha256: string;
  readonly bytes: number;
  readonly camera_serial: string;
  readonly frame_id: number;
  readonly device_time_ns_text: string;
  readonly host_time_ns_text: string;
  readonly status: string;
  readonly pixel_format: FrameRecord["pixelFormat"];
  readonly width_px: number;
  readonly height_px: number;
  readonly bit_depth: number;
  readonly black_level: number;
  readonly white_level: number;
  readonly mount_rotation_deg: FrameRecord["mount"]["rotationDeg"];
  readonly mount_mirrored: 0 | 1;
  readonly exposure_us: number;
  readonly gain_db: number;
  readonly mean_share: number | null;
  readonly clipped_share: number | null;
  readonly sharpness: number | null;
}

const intentColumns =
  "s.shot_id, s.session_id, s.opened_at, s.purpose, s.plan_index, s.distance_mm, s.expression, s.pose, s.repeat, s.retake_of";

const tickColumns = [
  "near_edge_tick",
  "far_edge_tick",
  "near_exposure_start_tick",
  "far_exposure_start_tick",
  "near_exposure_end_tick",
  "far_exposure_end_tick",
  "strobe_tick",
].map((name) => `CAST(s.${name} AS TEXT) AS ${name}_text`);

/** One statement reads shots and frames, so that both come from the same snapshot. */
const shotColumns = `${intentColumns}, s.captured_at, s.boot_id, s.trigger_number, ${tickColumns.join(", ")},
  CAST(s.host_time_ns AS TEXT) AS shot_host_time_ns_text, s.clock_residual_us, s.skew_us, s.skew_kind,
  s.outcome AS shot_outcome, s.verdict, s.reasons,
  f.position, f.arm, f.outcome, f.object_sha256, o.bytes, f.camera_serial, f.frame_id,
  CAST(f.device_time_ns AS TEXT) AS device_time_ns_text, CAST(f.host_time_ns AS TEXT) AS host_time_ns_text,
  f.status, f.pixel_format, f.width_px, f.height_px, f.bit_depth, f.black_level, f.white_level,
  f.mount_rotation_deg, f.mount_mirrored, f.exposure_us, f.gain_db, f.mean_share, f.clipped_share, f.sharpness`;

/** Committed shots in order of shot id. */
export async function listShots(
  connection: SqliteConnection,
  filter: ShotFilter & { readonly shotId?: number },
): Promise<readonly ShotRecord[]> {
  const conditions = ["committed_at IS NOT NULL"];
  const parameters: SqlValue[] = [];
  const equal: readonly (readonly [string, SqlValue | undefined])[] = [
    ["shot_id", filter.shotId],
    ["session_id", filter.sessionId],
    ["outcome", filter.outcome],
    ["verdict", filter.verdict],
    ["purpose", filter.purpose],
  ];
  for (const [column, value] of equal) {
    if (value === undefined) continue;
    conditions.push(`${column} = ?`);
    parameters.push(value);
  }
  // LIMIT -1 is no limit.
  parameters.push(filter.limit ?? -1, filter.offset ?? 0);
  const rows = await connection.all<ShotRow & FrameRow>(
    `SELECT ${shotColumns}
     FROM (SELECT * FROM shot WHERE ${conditions.join(" AND ")} ORDER BY shot_id LIMIT ? OFFSET ?) s
     LEFT JOIN frame f ON f.shot_id = s.shot_id LEFT JOIN object o ON o.sha256 = f.object_sha256
     ORDER BY s.shot_id, f.position`,
    parameters,
  );
  return shotsOf(rows);
}

/** Shots without a result, oldest first. */
export async function listOpenShots(
  connection: SqliteConnection,
  sessionId?: string,
): Promise<readonly OpenShot[]> {
  const ofSession = sessionId === undefined ? "" : "AND s.session_id = ?";
  const rows = await connection.all<IntentRow>(
    `SELECT ${intentColumns} FROM shot s WHERE s.committed_at IS NULL ${ofSession} ORDER BY s.shot_id`,
    sessionId === undefined ? [] : [sessionId],
  );
  return rows.map((row) => ({ ...intentOf(row), openedAt: row.opened_at }));
}

export async function listStrays(
  connection: SqliteConnection,
  sessionId: string,
): Promise<readonly StrayFrame[]> {
  return connection.all<StrayFrame>(
    `SELECT session_id AS sessionId, arm, outcome, frame_id AS frameId,
       CAST(device_time_ns AS TEXT) AS deviceTimeNs, CAST(host_time_ns AS TEXT) AS hostTimeNs, shot_id AS shotId
     FROM stray_frame WHERE session_id = ? ORDER BY stray_id`,
    [sessionId],
  );
}

/** Reviews of the session's shots, oldest first. */
export async function listReviews(
  connection: SqliteConnection,
  sessionId: string,
): Promise<readonly ShotReview[]> {
  return connection.all<ShotReview>(
    `SELECT r.shot_id AS shotId, r.kind, r.text, r.reviewed_at AS reviewedAt
     FROM review r JOIN shot s USING (shot_id) WHERE s.session_id = ? ORDER BY r.review_id`,
    [sessionId],
  );
}

function shotsOf(rows: readonly (ShotRow & FrameRow)[]): readonly ShotRecord[] {
  const shots: ShotRecord[] = [];
  for (const row of rows) {
    let shot = shots.at(-1);
    if (shot?.shotId !== row.shot_id) {
      shot = shotOf(row);
      shots.push(shot);
    }
    if (row.position !== null) shot.frames.push(frameOf(row));
  }
  return shots;
}

function intentOf(row: IntentRow): Omit<OpenShot, "openedAt"> {
  return {
    shotId: row.shot_id,
    sessionId: row.session_id,
    purpose: row.purpose,
    planIndex: row.plan_index,
    distanceMm: row.distance_mm,
    expression: row.expression,
    pose: row.pose,
    repeat: row.repeat,
    retakeOf: row.retake_of,
  };
}

function shotOf(row: ShotRow): ShotRecord {
  return {
    ...intentOf(row),
    capturedAt: row.captured_at,
    bootId: row.boot_id,
    triggerNumber: row.trigger_number,
    edgeTick: { near: row.near_edge_tick_text, far: row.far_edge_tick_text },
    exposureStartTick: { near: row.near_exposure_start_tick_text, far: row.far_exposure_start_tick_text },
    exposureEndTick: { near: row.near_exposure_end_tick_text, far: row.far_exposure_end_tick_text },
    strobeTick: row.strobe_tick_text,
    hostTimeNs: row.shot_host_time_ns_text,
    clockResidualUs: row.clock_residual_us,
    skewUs: row.skew_us,
    skewKind: row.skew_kind,
    outcome: row.shot_outcome,
    verdict: row.verdict,
    reasons: JSON.parse(row.reasons),
    frames: [],
  };
}

function frameOf(row: FrameRow): FrameRecord {
  const { mean_share, clipped_share, sharpness } = row;
  const judged = mean_share !== null && clipped_share !== null && sharpness !== null;
  return {
    arm: row.arm,
    outcome: row.outcome,
    objectSha256: row.object_sha256,
    bytes: row.bytes,
    cameraSerial: row.camera_serial,
    frameId: row.frame_id,
    deviceTimeNs: row.device_time_ns_text,
    hostTimeNs: row.host_time_ns_text,
    status: row.status,
    pixelFormat: row.pixel_format,
    widthPx: row.width_px,
    heightPx: row.height_px,
    bitDepth: row.bit_depth,
    blackLevel: row.black_level,
    whiteLevel: row.white_level,
    mount: { rotationDeg: row.mount_rotation_deg, mirrored: row.mount_mirrored === 1 },
    exposureUs: row.exposure_us,
    gainDb: row.gain_db,
    quality: judged ? { meanShare: mean_share, clippedShare: clipped_share, sharpness } : null,
  };
}
