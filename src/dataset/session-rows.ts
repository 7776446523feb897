/** Session rows as records. */
import type { SessionRecord } from "../schema/records.js";
import type { SqliteConnection } from "./sqlite-connection.js";

interface SessionRow {
  readonly session_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly subject_id: string;
  readonly consent_ref: string | null;
  readonly rig_name: string;
  readonly rig_config: string;
  readonly plan: string;
  readonly devices: string;
  readonly software_version: string;
  /** JSON list of ids. */
  readonly calibrations: string;
}

const sessionColumns = `session.*, (SELECT json_group_array(calibration_id ORDER BY position)
  FROM session_calibration c WHERE c.session_id = session.session_id) AS calibrations`;

export async function findSession(
  connection: SqliteConnection,
  sessionId: string,
): Promise<SessionRecord | null> {
  const row = await connection.first<SessionRow>(
    `SELECT ${sessionColumns} FROM session WHERE session_id = ?`,
    [sessionId],
  );
  return row === null ? null : sessionOf(row);
}

/** Newest first. */
export async function listSessions(connection: SqliteConnection): Promise<readonly SessionRecord[]> {
  const rows = await connection.all<SessionRow>(
    `SELECT ${sessionColumns} FROM session ORDER BY session_number DESC`,
  );
  return rows.map(sessionOf);
}

/** The latest consent reference given for a subject; null when there is none or nobody knows the subject. */
export async function findConsent(connection: SqliteConnection, subjectId: string): Promise<string | null> {
  const row = await connection.first<{ consent_ref: string | null }>(
    "SELECT consent_ref FROM subject WHERE subject_id = ?",
    [subjectId],
  );
  return row?.consent_ref ?? null;
}

function sessionOf(row: SessionRow): SessionRecord {
  return {
    sessionId: row.session_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    subject: { subjectId: row.subject_id, consentRef: row.consent_ref },
    rigName: row.rig_name,
    rigConfig: JSON.parse(row.rig_config),
    plan: JSON.parse(row.plan),
    devices: JSON.parse(row.devices),
    softwareVersion: row.software_version,
    calibrations: JSON.parse(row.calibrations),
  };
}
