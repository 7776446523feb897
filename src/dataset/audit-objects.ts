/** Audit of the files: every object is read from the device and hashed; what belongs to none is named. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AuditOptions } from "./audit.js";
import type { AuditFinding } from "./dataset.js";
import { codeOf } from "./error-code.js";
import { objectFolders } from "./layout.js";
import type { StoreParts } from "./store-dataset.js";

/** Objects between two notes of progress; also how much a resumed audit reads again. */
const objectsPerBatch = 64;

const progressKeptMs = 7 * 24 * 3600 * 1000;

interface ObjectRow {
  readonly sha256: string;
  readonly bytes: number;
  readonly extension: string;
  readonly checked_at: string | null;
  readonly finding: ObjectFault | null;
}

/** Who uses an object; one of each kind at most. */
interface ObjectUser {
  /** A shot whose frame it is. */
  readonly shot_id: number | null;
  /** The calibration whose record it is. */
  readonly calibration_id: string | null;
  /** The shot of an alignment that it is the record or a file of. */
  readonly aligned_shot_id: number | null;
}

type ObjectFault = "object-missing" | "object-corrupt";

export async function auditObjects(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<{ readonly objects: number; readonly bytes: number }> {
  const totals = await countObjects(store, options.sessionId);
  await forgetProgress(
    store,
    options,
    new Date(Date.parse(store.clock.utcNow()) - progressKeptMs).toISOString(),
  );
  let done = 0;
  options.onProgress?.(done, totals.objects);
  for (let batch = await nextBatch(store, options, ""); batch.length > 0; ) {
    const faults = await checkBatch(store, options, batch);
    for (const [index, row] of batch.entries()) {
      const fault = faults[index] ?? null;
      if (fault !== null) findings.push(await faultFinding(store, row, fault));
    }
    await keepProgress(store, options, batch, faults);
    done += batch.length;
    options.onProgress?.(done, totals.objects);
    batch = await nextBatch(store, options, batch.at(-1)?.sha256 ?? "");
  }
  await forgetProgress(store, options, "9999");
  if (options.sessionId === undefined) await findStrangers(store, options, findings);
  return totals;
}

const ofSession = `(?1 IS NULL
  OR EXISTS (SELECT 1 FROM frame f JOIN shot s USING (shot_id)
    WHERE f.object_sha256 = o.sha256 AND s.session_id = ?1)
  OR EXISTS (SELECT 1 FROM calibration c JOIN session_calibration s USING (calibration_id)
    WHERE c.sha256 = o.sha256 AND s.session_id = ?1)
  OR EXISTS (SELECT 1 FROM alignment a JOIN shot s USING (shot_id)
    WHERE a.sha256 = o.sha256 AND s.session_id = ?1)
  OR EXISTS (SELECT 1 FROM alignment_file f JOIN alignment a USING (alignment_number) JOIN shot s USING (shot_id)
    WHERE f.sha256 = o.sha256 AND s.session_id = ?1))`;

async function countObjects(
  store: StoreParts,
  sessionId?: string,
): Promise<{ objects: number; bytes: number }> {
  const row = await store.reader.first<{ objects: number; bytes: number }>(
    `SELECT count(*) AS objects, coalesce(sum(bytes), 0) AS bytes FROM object o WHERE ${ofSession}`,
    [sessionId ?? null],
  );
  return row ?? { objects: 0, bytes: 0 };
}

function nextBatch(store: StoreParts, options: AuditOptions, after: string): Promise<readonly ObjectRow[]> {
  return store.reader.all<ObjectRow>(
    `SELECT o.sha256, o.bytes, o.extension, p.checked_at, p.finding
     FROM object o LEFT JOIN audit_progress p USING (sha256)
     WHERE ${ofSession} AND o.sha256 > ?2 ORDER BY o.sha256 LIMIT ${objectsPerBatch}`,
    [options.sessionId ?? null, after],
  );
}

/** One fault or null per row. Rows that an interrupted audit has checked are not read again. */
function checkBatch(
  store: StoreParts,
  options: AuditOptions,
  batch: readonly ObjectRow[],
): Promise<readonly (ObjectFault | null)[]> {
  return Promise.all(
    batch.map(async (row) => {
      const known = row.checked_at !== null && options.sessionId === undefined;
      const fault = known ? row.finding : await checkObject(store, row);
      options.signal?.throwIfAborted();
      return fault;
    }),
  );
}

async function checkObject(store: StoreParts, row: ObjectRow): Promise<ObjectFault | null> {
  try {
    const digest = await store.objects.digest(store.layout.objectPath(row.sha256, row.extension));
    return digest.sha256 === row.sha256 && digest.bytes === row.bytes ? null : "object-corrupt";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "object-missing";
    if (codeOf(error) === "EIO") return "object-corrupt";
    throw error;
  }
}

async function faultFinding(store: StoreParts, row: ObjectRow, fault: ObjectFault): Promise<AuditFinding> {
  const { shotId, user } = await userOf(store, row.sha256);
  return {
    kind: fault,
    shotId,
    path: store.layout.objectPath(row.sha256, row.extension),
    message:
      fault === "object-missing"
        ? `object ${row.sha256} of ${user} is not there`
        : `object ${row.sha256} of ${user} is not what was stored`,
    severity: "error",
  };
}

/** The shot that misses the object, if one does, and what to call the user. */
async function userOf(
  { reader }: StoreParts,
  sha256: string,
): Promise<{ readonly shotId: number | null; readonly user: string }> {
  const users = await reader.first<ObjectUser>(
    `SELECT (SELECT min(shot_id) FROM frame WHERE object_sha256 = ?1) AS shot_id,
       (SELECT min(calibration_id) FROM calibration WHERE sha256 = ?1) AS calibration_id,
       (SELECT min(shot_id) FROM alignment WHERE sha256 = ?1 OR alignment_number IN
         (SELECT alignment_number FROM alignment_file WHERE sha256 = ?1)) AS aligned_shot_id`,
    [sha256],
  );
  const calibrationId = users?.calibration_id ?? null;
  if (calibrationId !== null) return { shotId: null, user: `calibration ${calibrationId}` };
  const shotId = users?.shot_id ?? null;
  if (shotId !== null) return { shotId, user: `shot ${shotId}` };
  const aligned = users?.aligned_shot_id ?? null;
  return { shotId: aligned, user: `an alignment of shot ${aligned}` };
}

/** Only an audit of the whole store, opened for writing, can be resumed. */
async function keepProgress(
  store: StoreParts,
  options: AuditOptions,
  batch: readonly ObjectRow[],
  faults: readonly (ObjectFault | null)[],
): Promise<void> {
  if (options.sessionId !== undefined) return;
  const rows = batch.map((row, index) => ({ sha256: row.sha256, finding: faults[index] ?? null }));
  await store.writing?.writer.writeScratch(async (connection) => {
    await connection.run(
      `INSERT INTO audit_progress (sha256, checked_at, finding)
       SELECT value ->> 'sha256', ?, value ->> 'finding' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
      [store.clock.utcNow(), JSON.stringify(rows)],
    );
  });
}

async function forgetProgress(store: StoreParts, options: AuditOptions, before: string): Promise<void> {
  if (options.sessionId !== undefined) return;
  await store.writing?.writer.writeScratch(async (connection) => {
    await connection.run("DELETE FROM audit_progress WHERE checked_at < ?", [before]);
  });
}

/** Files that no row knows: left over from crashes, harmless. */
async function findStrangers(
  store: StoreParts,
  options: AuditOptions,
  findings: AuditFinding[],
): Promise<void> {
  const { layout, reader } = store;
  for (const folder of objectFolders) {
    options.signal?.throwIfAborted();
    const rows = await reader.all<{ path: string }>(
      "SELECT sha256 || extension AS path FROM object WHERE sha256 GLOB ?",
      [`${folder}*`],
    );
    const known = new Set(rows.map((row) => row.path.slice(2)));
    for (const name of await namesIn(join(layout.objects, folder))) {
      if (known.has(name)) continue;
      const path = join(layout.objects, folder, name);
      const message = "no shot, calibration or alignment uses this object (one was cut off)";
      findings.push(strangerFinding("object-orphan", path, message));
    }
  }
  for (const name of await namesIn(layout.incoming)) {
    const path = join(layout.incoming, name);
    if (store.objects.isWriting(path)) continue;
    findings.push(strangerFinding("temp-file", path, "left by a writer that was cut off"));
  }
}

function strangerFinding(kind: "object-orphan" | "temp-file", path: string, message: string): AuditFinding {
  return { kind, shotId: null, path, message, severity: "note" };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
