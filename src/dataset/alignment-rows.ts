/** Alignment rows as entries. */
import type { AlignmentVerdict } from "../schema/alignment.js";
import type { AlignmentCounts, AlignmentEntry, AlignmentFilter } from "./dataset.js";
import type { SqliteConnection, SqlParameters } from "./sqlite-connection.js";

interface AlignmentRow {
  readonly alignment_number: number;
  readonly shot_id: number;
  readonly input_key: string;
  readonly created_at: string;
  readonly verdict: AlignmentVerdict;
  /** JSON, as `files`. */
  readonly reasons: string;
  readonly approximate: 0 | 1;
  readonly pair_calibration_id: string | null;
  readonly color_calibration_id: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly files: string;
}

/** No later alignment of the same shot. */
const newestOfShot = `NOT EXISTS (SELECT 1 FROM alignment later
  WHERE later.shot_id = a.shot_id AND later.alignment_number > a.alignment_number)`;

export async function findAlignment(
  connection: SqliteConnection,
  shotId: number,
  inputKey: string,
): Promise<AlignmentEntry | null> {
  const condition = "a.shot_id = ? AND a.input_key = ?";
  return (await selectAlignments(connection, condition, [shotId, inputKey]))[0] ?? null;
}

export async function findAlignmentByNumber(
  connection: SqliteConnection,
  alignmentNumber: number,
): Promise<AlignmentEntry | null> {
  return (await selectAlignments(connection, "a.alignment_number = ?", [alignmentNumber]))[0] ?? null;
}

/** See `Dataset.alignments`. */
export function listAlignments(
  connection: SqliteConnection,
  { sessionId, shotId, verdict, superseded, limit, offset }: AlignmentFilter,
): Promise<readonly AlignmentEntry[]> {
  return selectAlignments(
    connection,
    `(?1 IS NULL OR s.session_id = ?1) AND (?2 IS NULL OR a.shot_id = ?2) AND (?3 IS NULL OR a.verdict = ?3)
     AND (?4 OR ${newestOfShot})`,
    [sessionId ?? null, shotId ?? null, verdict ?? null, superseded === true ? 1 : 0],
    // LIMIT -1 is no limit.
    { limit: limit ?? -1, offset: offset ?? 0 },
  );
}

/** Never given out before. Asked inside the writing transaction. */
export async function nextAlignmentNumber(connection: SqliteConnection): Promise<number> {
  const last = await connection.first<{ seq: number }>(
    "SELECT seq FROM sqlite_sequence WHERE name = 'alignment'",
  );
  return (last?.seq ?? 0) + 1;
}

/** A session without an aligned pair. */
const noAlignments: AlignmentCounts = {
  aligned: 0,
  approximate: 0,
  verdicts: { accept: 0, warn: 0, reject: 0 },
};

/** See `Dataset.alignmentCounts`. */
export async function countAlignments(
  connection: SqliteConnection,
): Promise<ReadonlyMap<string, AlignmentCounts>> {
  const rows = await connection.all<{
    readonly session_id: string;
    readonly verdict: AlignmentVerdict | null;
    readonly aligned: number;
    readonly approximate: number;
  }>(
    `SELECT n.session_id, a.verdict AS verdict, count(a.alignment_number) AS aligned,
       coalesce(sum(a.approximate), 0) AS approximate
     FROM session n LEFT JOIN (shot s JOIN alignment a ON a.shot_id = s.shot_id AND ${newestOfShot})
       ON s.session_id = n.session_id
     GROUP BY n.session_id, a.verdict`,
  );
  const counts = new Map<string, AlignmentCounts>();
  for (const { session_id, verdict, aligned, approximate } of rows) {
    const before = counts.get(session_id) ?? noAlignments;
    counts.set(session_id, {
      aligned: before.aligned + aligned,
      approximate: before.approximate + approximate,
      verdicts: verdict === null ? before.verdicts : { ...before.verdicts, [verdict]: aligned },
    });
  }
  return counts;
}

/** `condition` is SQL of this file, never from outside. In order of shot id, newest of a shot first. */
async function selectAlignments(
  connection: SqliteConnection,
  condition: string,
  parameters: SqlParameters,
  page: { readonly limit: number; readonly offset: number } = { limit: -1, offset: 0 },
): Promise<readonly AlignmentEntry[]> {
  const rows = await connection.all<AlignmentRow>(
    `SELECT a.*, o.bytes,
       (SELECT json_group_array(json_object('name', f.name, 'sha256', f.sha256, 'bytes', fo.bytes)
          ORDER BY f.position)
        FROM alignment_file f JOIN object fo USING (sha256)
        WHERE f.alignment_number = a.alignment_number) AS files
     FROM alignment a JOIN object o ON o.sha256 = a.sha256 JOIN shot s ON s.shot_id = a.shot_id
     WHERE ${condition} ORDER BY a.shot_id, a.alignment_number DESC LIMIT ? OFFSET ?`,
    [...parameters, page.limit, page.offset],
  );
  return rows.map(entryOf);
}

function entryOf(row: AlignmentRow): AlignmentEntry {
  return {
    alignmentNumber: row.alignment_number,
    shotId: row.shot_id,
    inputKey: row.input_key,
    createdAt: row.created_at,
    verdict: row.verdict,
    reasons: JSON.parse(row.reasons),
    approximate: row.approximate === 1,
    pairCalibrationId: row.pair_calibration_id,
    colorCalibrationId: row.color_calibration_id,
    sha256: row.sha256,
    bytes: row.bytes,
    files: JSON.parse(row.files),
  };
}
