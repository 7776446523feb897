/** Audit of the records: open shots, whole pairs, sidecars, gaps in the board's trigger numbers. */
import { isDeepStrictEqual } from "node:util";
import type { AuditOptions } from "./audit.js";
import type { AuditFinding } from "./dataset.js";
import { listOpenShots, listShots } from "./shot-rows.js";
import { inspectSidecar } from "./sidecar.js";
import type { StoreParts } from "./store-dataset.js";

const shotsPerPage = 500;

export async function auditShots(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  await findOpenShots(store, options, findings);
  await findBrokenPairs(store, options, findings);
  await findTriggerGaps(store, options, findings);
  await compareSidecars(store, options, findings);
}

async function findOpenShots(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  const ended = new Set(
    (
      await store.reader.all<{ id: string }>(
        "SELECT session_id AS id FROM session WHERE ended_at IS NOT NULL",
      )
    ).map((row) => row.id),
  );
  for (const shot of await listOpenShots(store.reader, options.sessionId)) {
    const over = ended.has(shot.sessionId);
    findings.push({
      kind: "open-shot",
      shotId: shot.shotId,
      path: null,
      message: over
        ? `shot ${shot.shotId} was opened and has no result although its session has ended`
        : `shot ${shot.shotId} was opened and has no result yet; resuming session ${shot.sessionId} closes it`,
      severity: over ? "error" : "note",
    });
  }
}

/** The triggers of the database forbid these; a damaged or hand-edited one may hold them. */
async function findBrokenPairs(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  const rows = await store.reader.all<{ shot_id: number; near: number; far: number }>(
    `SELECT * FROM (
       SELECT s.shot_id, s.session_id, iif(s.outcome = 'paired' AND s.purpose = 'pair', 1, 0) AS wanted,
         (SELECT count(*) FROM frame f WHERE f.shot_id = s.shot_id AND f.outcome = 'paired' AND arm = 'near') AS near,
         (SELECT count(*) FROM frame f WHERE f.shot_id = s.shot_id AND f.outcome = 'paired' AND arm = 'far') AS far
       FROM shot s)
     WHERE (near <> wanted OR far <> wanted)
       AND session_id = coalesce(?, session_id)
     ORDER BY shot_id`,
    [options.sessionId ?? null],
  );
  for (const row of rows) {
    findings.push({
      kind: "pair-incomplete",
      shotId: row.shot_id,
      path: null,
      message: `shot ${row.shot_id} has ${row.near} near and ${row.far} far paired frames`,
      severity: "error",
    });
  }
}

/**
 * Board trigger numbers count up by one. A gap is explained by shots in between of which nobody
 * knows whether they fired; any other gap is a trigger that no shot accounts for.
 */
async function findTriggerGaps(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  const rows = await store.reader.all<{ shot_id: number; from_shot: number; step: number; unknown: number }>(
    `SELECT g.*, (SELECT count(*) FROM shot u WHERE u.session_id = g.session_id
         AND u.shot_id BETWEEN g.from_shot AND g.shot_id
         AND (u.outcome IS NULL OR u.outcome = 'unknown')) AS unknown
     FROM (SELECT shot_id, session_id,
         lag(shot_id) OVER boot AS from_shot, trigger_number - lag(trigger_number) OVER boot AS step
       FROM shot WHERE trigger_number IS NOT NULL AND session_id = coalesce(?, session_id)
       WINDOW boot AS (PARTITION BY session_id, boot_id ORDER BY trigger_number)) g
     WHERE g.step <> 1 ORDER BY g.shot_id`,
    [options.sessionId ?? null],
  );
  for (const { shot_id, from_shot, step, unknown } of rows) {
    const explained = step > 1 && step - 1 <= unknown;
    findings.push({
      kind: "trigger-gap",
      shotId: shot_id,
      path: null,
      message:
        step === 0
          ? `shots ${from_shot} and ${shot_id} claim the same trigger of the board`
          : `${step - 1} triggers of the board between shots ${from_shot} and ${shot_id} belong to no shot`,
      severity: explained ? "note" : "error",
    });
  }
}

async function compareSidecars(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  const { sessionId } = options;
  for (let offset = 0; ; offset += shotsPerPage) {
    const page = await listShots(store.reader, {
      ...(sessionId === undefined ? {} : { sessionId }),
      limit: shotsPerPage,
      offset,
    });
    if (page.length === 0) return;
    for (const shot of page) {
      options.signal?.throwIfAborted();
      const row = await store.reader.first<{ sha256: string }>(
        "SELECT sidecar_sha256 AS sha256 FROM shot WHERE shot_id = ?",
        [shot.shotId],
      );
      const state = await inspectSidecar(store.layout, shot.shotId, row?.sha256 ?? "");
      if (state.kind === "same" && isDeepStrictEqual(state.shot, shot)) continue;
      findings.push({
        kind: state.kind === "missing" ? "sidecar-missing" : "sidecar-differs",
        shotId: shot.shotId,
        path: store.layout.sidecarPath(shot.shotId),
        message:
          state.kind === "missing"
            ? `the sidecar of shot ${shot.shotId} is missing`
            : `the sidecar of shot ${shot.shotId} differs: ${state.kind === "differs" ? state.reason : "the database says otherwise"}`,
        severity: "error",
      });
    }
  }
}
