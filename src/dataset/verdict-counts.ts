/** How the shots of every session ended, counted by the database. */
import type { Verdict } from "../schema/records.js";
import type { VerdictCounts } from "./dataset.js";
import type { SqliteConnection } from "./sqlite-connection.js";

/** A session without a committed shot. */
export const noVerdicts: VerdictCounts = {
  shots: 0,
  pairs: 0,
  verdicts: { KEEP: 0, WARN: 0, RETAKE: 0, BROKEN: 0 },
};

interface CountRow {
  readonly session_id: string;
  /** null: the session has no shot. */
  readonly verdict: Verdict | null;
  readonly shots: number;
  readonly pairs: number;
}

/** Counts by session id; every session is there. */
export async function countVerdicts(
  connection: SqliteConnection,
): Promise<ReadonlyMap<string, VerdictCounts>> {
  const rows = await connection.all<CountRow>(
    `SELECT n.session_id, s.verdict, count(s.shot_id) AS shots,
       count(*) FILTER (WHERE s.outcome = 'paired') AS pairs
     FROM session n LEFT JOIN shot s
       ON s.session_id = n.session_id AND s.purpose = 'pair' AND s.committed_at IS NOT NULL
     GROUP BY n.session_id, s.verdict`,
  );
  const counts = new Map<string, VerdictCounts>();
  for (const row of rows) {
    const { shots, pairs, verdicts } = counts.get(row.session_id) ?? noVerdicts;
    counts.set(row.session_id, {
      shots: shots + row.shots,
      pairs: pairs + row.pairs,
      verdicts: row.verdict === null ? verdicts : { ...verdicts, [row.verdict]: row.shots },
    });
  }
  return counts;
}
