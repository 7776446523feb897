/**
 * Brings a database to the newest version, one transaction per step, with a copy of the old
 * database beside it first.
 */
import { access, mkdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { WorldError } from "../base/errors.js";
import { syncDirectory, syncFile } from "./durable-files.js";
import type { StoreLayout } from "./layout.js";
import { schemaVersion1 } from "./schema-version-1.js";
import { schemaVersion2 } from "./schema-version-2.js";
import { schemaVersion3 } from "./schema-version-3.js";
import type { SqliteConnection } from "./sqlite-connection.js";
import { storeNewerError } from "./store-marker.js";

/** "nfst": marks a SQLite file as a nearfar store's (PRAGMA application_id). */
export const applicationId = 0x6e667374;

export interface Migration {
  /** user_version after this step; steps count up from 1 without gaps. */
  readonly version: number;
  readonly description: string;
  /** Statements without BEGIN and COMMIT. */
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, description: "subjects, sessions, shots, frames, objects", sql: schemaVersion1 },
  { version: 2, description: "calibrations", sql: schemaVersion2 },
  { version: 3, description: "alignments", sql: schemaVersion3 },
];

export function newestVersion(steps: readonly Migration[]): number {
  return steps.at(-1)?.version ?? 0;
}

/**
 * The database's version; 0 for an empty file.
 * @throws WorldError STORE_NEWER when a newer nearfar wrote it, FILE_CORRUPT when it is not ours.
 */
export async function checkedVersion(
  connection: SqliteConnection,
  layout: StoreLayout,
  steps: readonly Migration[] = migrations,
): Promise<number> {
  const version =
    (await connection.first<{ user_version: number }>("PRAGMA user_version"))?.user_version ?? 0;
  const application = (await connection.first<{ application_id: number }>("PRAGMA application_id"))
    ?.application_id;
  const tables = (await connection.first<{ n: number }>("SELECT count(*) AS n FROM sqlite_schema"))?.n ?? 0;
  if (application !== applicationId && tables > 0) {
    throw new WorldError("FILE_CORRUPT", `${layout.database} is not the database of a nearfar store`, {
      advice: "Move it away and open the store again: the database is rebuilt from sidecars and journal.",
    });
  }
  if (version > newestVersion(steps))
    throw storeNewerError(layout, "database", version, newestVersion(steps));
  return version;
}

/**
 * Applies the steps that are missing. Returns the path of the backup, null when none was needed
 * (a new database, or nothing to do). A failed step leaves the version before it.
 */
export async function migrate(
  connection: SqliteConnection,
  layout: StoreLayout,
  steps: readonly Migration[] = migrations,
): Promise<string | null> {
  const version = await checkedVersion(connection, layout, steps);
  const missing = steps.filter((step) => step.version > version);
  if (missing.length === 0) return null;
  const backup = version === 0 ? null : await backUp(connection, layout, version);
  // Outside a transaction, where alone it has an effect: a step may replace a table that others refer to.
  await connection.execute("PRAGMA foreign_keys = OFF");
  try {
    for (const step of missing) await applyStep(connection, layout, step);
  } finally {
    await connection.execute("PRAGMA foreign_keys = ON");
  }
  return backup;
}

async function applyStep(connection: SqliteConnection, layout: StoreLayout, step: Migration): Promise<void> {
  try {
    await connection.execute(
      `BEGIN IMMEDIATE; ${step.sql};
       PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${step.version};`,
    );
    const broken = await connection.first<{ table: string; parent: string }>("PRAGMA foreign_key_check");
    if (broken !== null) {
      throw new WorldError(
        "FILE_CORRUPT",
        `${layout.database} is damaged: rows of ${broken.table} refer to rows of ${broken.parent} that are not there`,
        {
          advice: "Move it away and open the store again: the database is rebuilt from sidecars and journal.",
        },
      );
    }
    await connection.execute("COMMIT");
  } catch (error) {
    await connection.execute("ROLLBACK").catch(() => {});
    throw error;
  }
}

/**
 * Copies the database by VACUUM INTO (never cp: the WAL belongs to it), durably and whole before
 * it gets its name. A backup of the same version from an interrupted migration is replaced.
 */
async function backUp(connection: SqliteConnection, layout: StoreLayout, version: number): Promise<string> {
  const path = join(layout.backups, `nearfar.version-${version}.sqlite`);
  const temp = `${path}.tmp`;
  await mkdir(layout.backups, { recursive: true });
  if (await exists(temp)) await unlink(temp);
  await connection.run("VACUUM INTO ?", [temp]);
  await syncFile(temp);
  await rename(temp, path);
  await syncDirectory(layout.backups);
  return path;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
