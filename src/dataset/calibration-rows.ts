/** Calibration rows as entries. */
import type { Calibration } from "../schema/calibration.js";
import type { CalibrationKind } from "../schema/calibration-header.js";
import type { CalibrationEntry, CalibrationFilter, CameraSerials } from "./dataset.js";
import type { SqliteConnection, SqlParameters } from "./sqlite-connection.js";

interface CalibrationRow {
  readonly calibration_id: string;
  readonly kind: CalibrationKind;
  readonly created_at: string;
  readonly expires_at: string | null;
  /** Null together with the serials. */
  readonly rig_name: string | null;
  readonly near_serial: string | null;
  readonly far_serial: string | null;
  readonly verdict: Calibration["verdict"];
  readonly sha256: string;
  readonly bytes: number;
}

export async function findCalibration(
  connection: SqliteConnection,
  calibrationId: string,
): Promise<CalibrationEntry | null> {
  return (await selectCalibrations(connection, "calibration_id = ?", [calibrationId]))[0] ?? null;
}

/** Newest first. */
export function listCalibrations(
  connection: SqliteConnection,
  { kind, serials }: CalibrationFilter,
): Promise<readonly CalibrationEntry[]> {
  return selectCalibrations(
    connection,
    "kind = coalesce(?, kind) AND near_serial IS coalesce(?, near_serial) AND far_serial IS coalesce(?, far_serial)",
    [kind ?? null, serials?.near ?? null, serials?.far ?? null],
  );
}

/** See `Dataset.latestCalibration`. */
export async function findLatestCalibration(
  connection: SqliteConnection,
  kind: CalibrationKind,
  { near, far }: CameraSerials,
  before: string | null,
): Promise<CalibrationEntry | null> {
  const found = await selectCalibrations(
    connection,
    `near_serial = ? AND far_serial = ? AND kind = ? AND verdict <> 'FAIL'
     AND (?4 IS NULL OR created_at < ?4)`,
    [near, far, kind, before],
    "LIMIT 1",
  );
  return found[0] ?? null;
}

/** `condition` and `limit` are SQL of this file, never from outside. */
async function selectCalibrations(
  connection: SqliteConnection,
  condition: string,
  parameters: SqlParameters,
  limit = "",
): Promise<readonly CalibrationEntry[]> {
  const rows = await connection.all<CalibrationRow>(
    `SELECT c.*, o.bytes FROM calibration c JOIN object o USING (sha256) WHERE ${condition}
     ORDER BY created_at DESC, calibration_number DESC ${limit}`,
    parameters,
  );
  return rows.map(entryOf);
}

function entryOf(row: CalibrationRow): CalibrationEntry {
  const { rig_name: name, near_serial: nearSerial, far_serial: farSerial } = row;
  return {
    calibrationId: row.calibration_id,
    kind: row.kind,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    rig: name === null || nearSerial === null || farSerial === null ? null : { name, nearSerial, farSerial },
    verdict: row.verdict,
    sha256: row.sha256,
    bytes: row.bytes,
  };
}
