/** Audit: triggers against frames against files against hashes. */
import { WorldError } from "../base/errors.js";
import { triggerOutcomes } from "../schema/records.js";
import { auditAlignments } from "./audit-alignments.js";
import { auditCalibrations } from "./audit-calibrations.js";
import { auditObjects } from "./audit-objects.js";
import { auditShots } from "./audit-shots.js";
import type { AuditFinding, AuditReport, Dataset } from "./dataset.js";
import { readJournal } from "./journal.js";
import type { SqliteConnection, SqlParameters } from "./sqlite-connection.js";
import type { StoreParts } from "./store-dataset.js";

export type AuditOptions = Parameters<Dataset["audit"]>[0];

/**
 * Checks the database file, the journal's checksums, every shot, record and object. Rejects with
 * the signal's reason when aborted; an audit of the whole store then goes on at the next object
 * when it is started again within a week.
 * @throws WorldError FILE_CORRUPT when database or journal are damaged: nothing else can be said then.
 */
export async function auditStore(store: StoreParts, options: AuditOptions): Promise<AuditReport> {
  const { reader } = store;
  await checkDatabase(store);
  for await (const _line of readJournal(store.layout.journal)) options.signal?.throwIfAborted();

  const findings: AuditFinding[] = [];
  await auditShots(store, options, findings);
  await auditCalibrations(store, options, findings);
  const alignments = await auditAlignments(store, options, findings);
  const objects = await auditObjects(store, options, findings);

  const { sessionId } = options;
  const scope = sessionId === undefined ? "" : "WHERE session_id = ?";
  const parameters = sessionId === undefined ? [] : [sessionId];
  const byOutcome = await countsOf(
    reader,
    `SELECT outcome AS name, count(*) AS n FROM shot ${scope} GROUP BY outcome HAVING outcome IS NOT NULL`,
    parameters,
  );
  const framesByOutcome = await countsOf(
    reader,
    `SELECT outcome AS name, count(*) AS n FROM (
       SELECT f.outcome FROM frame f JOIN shot s USING (shot_id) ${scope}
       UNION ALL SELECT outcome FROM stray_frame ${scope})
     GROUP BY outcome`,
    [...parameters, ...parameters],
  );
  const sessions = await reader.first<{ n: number }>(
    `SELECT count(*) AS n FROM session ${scope}`,
    parameters,
  );
  return {
    sessions: sessions?.n ?? 0,
    triggers: sum(byOutcome),
    triggersByOutcome: Object.fromEntries(
      triggerOutcomes.map((outcome) => [outcome, byOutcome[outcome] ?? 0]),
    ) as AuditReport["triggersByOutcome"],
    frames: sum(framesByOutcome),
    framesByOutcome,
    alignments,
    ...objects,
    findings,
  };
}

async function checkDatabase(store: StoreParts): Promise<void> {
  const quick = await store.reader.all<{ quick_check: string }>("PRAGMA quick_check");
  const foreign = await store.reader.all<{ table: string }>("PRAGMA foreign_key_check");
  const problem =
    quick.find((row) => row.quick_check !== "ok")?.quick_check ?? foreign.map((row) => row.table)[0];
  if (problem === undefined) return;
  throw new WorldError("FILE_CORRUPT", `${store.layout.database} is damaged: ${problem}`, {
    advice:
      "Move nearfar.sqlite* away and open the store for writing: the database is rebuilt from sidecars and journal.",
  });
}

async function countsOf(
  connection: SqliteConnection,
  sql: string,
  parameters: SqlParameters,
): Promise<Readonly<Record<string, number>>> {
  const rows = await connection.all<{ name: string; n: number }>(sql, parameters);
  return Object.fromEntries(rows.map((row) => [row.name, row.n]));
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}
