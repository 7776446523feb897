/** Opening a store: who may, what has to be repaired first, and the parts a dataset is made of. */
import { access, constants, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../base/clock.js";
import { WorldError } from "../base/errors.js";
import type { Logger } from "../base/log.js";
import type { Dataset } from "./dataset.js";
import { syncDirectory } from "./durable-files.js";
import { codeOf } from "./error-code.js";
import { Journal } from "./journal.js";
import { objectFolders, StoreLayout } from "./layout.js";
import { checkedVersion, migrate, migrations, newestVersion } from "./migrations.js";
import { ObjectStore } from "./object-store.js";
import { catchUp } from "./recovery.js";
import { SqliteConnection } from "./sqlite-connection.js";
import { StoreDataset } from "./store-dataset.js";
import { asStoreError } from "./store-errors.js";
import { sizeOf } from "./store-files.js";
import { createMarker, readMarker, requireMarker, storeNewerError } from "./store-marker.js";
import { StoreWriter } from "./store-writer.js";
import { takeWriterLock, type WriterLock } from "./writer-lock.js";

export interface OpenOptions {
  /**
   * `create-if-missing` makes the folder when it is missing or empty; `must-exist` opens for
   * writing; `read-only` changes nothing and may run beside a writer.
   */
  readonly mode: "create-if-missing" | "must-exist" | "read-only";
  readonly clock: Clock;
  readonly logger: Logger;
  /** Threads that write and read objects; 2 by default, one for each frame of a pair. */
  readonly writerThreads?: number;
}

const defaultWriterThreads = 2;

/**
 * Opens a store. For writing it takes the writer's lock, migrates an older database (with a copy
 * first), cuts off a torn last journal line and applies what the database lacks of the journal;
 * a missing database is so rebuilt from journal and sidecars.
 * @throws STORE_NOT_FOUND, STORE_PATH, STORE_NEWER (nothing is touched), STORE_BUSY (another writer),
 *   STORE_NO_INDEX (`read-only` and the database is gone), STORE_READ_ONLY, STORE_FULL, FILE_CORRUPT.
 */
export async function openDataset(directory: string, options: OpenOptions): Promise<Dataset> {
  const layout = new StoreLayout(directory);
  try {
    return options.mode === "read-only"
      ? await openForReading(layout, options)
      : await openForWriting(layout, options);
  } catch (error) {
    throw await asStoreError(error, layout.directory, "open the store");
  }
}

async function openForReading(layout: StoreLayout, options: OpenOptions): Promise<Dataset> {
  await requireMarker(layout);
  await requireDatabase(layout);
  await refuseNewerDatabase(layout);
  const reader = await openReader(layout);
  const version = await checkedVersion(reader, layout);
  if (version < newestVersion(migrations)) {
    await reader.close();
    throw new WorldError("STORE_READ_ONLY", `${layout.database} has the older version ${version}`, {
      advice: "Open the store for writing once; that brings it up to date after making a copy.",
    });
  }
  return new StoreDataset({
    layout,
    clock: options.clock,
    objects: objectStore(layout, options),
    reader,
    writing: null,
  });
}

/** Reading changes nothing, so it cannot make the database anew. */
async function requireDatabase(layout: StoreLayout): Promise<void> {
  if (((await sizeOf(layout.database)) ?? 0) > 0) return;
  throw new WorldError("STORE_NO_INDEX", `the database of the store ${layout.directory} is not there`, {
    advice: `\`nearfar session rebuild --store ${layout.directory}\` makes it anew from sidecars and journal.`,
  });
}

/**
 * SQLite needs a -shm file beside a WAL database, which a read-only mount refuses. When there is
 * no WAL either, the file is all there is and cannot change: it is read as it lies.
 */
async function openReader(layout: StoreLayout): Promise<SqliteConnection> {
  const reader = await SqliteConnection.open(layout.database, { access: "read" });
  try {
    await reader.first("PRAGMA user_version");
    return reader;
  } catch (error) {
    await reader.close();
    const wal = await sizeOf(`${layout.database}-wal`);
    if (codeOf(error) !== "SQLITE_CANTOPEN" || (wal ?? 0) > 0) throw error;
    return SqliteConnection.open(layout.database, { access: "frozen" });
  }
}

async function openForWriting(layout: StoreLayout, options: OpenOptions): Promise<Dataset> {
  if (options.mode === "must-exist") await requireMarker(layout);
  else if ((await readMarker(layout)) === null) await createMarker(layout);
  await access(layout.directory, constants.W_OK);
  await refuseNewerDatabase(layout);
  const lock = await takeWriterLock(layout);
  try {
    await ensureFolders(layout);
    return await openLocked(layout, options, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(layout: StoreLayout, options: OpenOptions, lock: WriterLock): Promise<Dataset> {
  const connection = await SqliteConnection.open(layout.database, { access: "write" });
  try {
    const backup = await migrate(connection, layout);
    if (backup !== null) options.logger.info({ backup }, "database migrated; the old one was copied first");
    const { end } = await catchUp(connection, layout, options.logger);
    const journal = await Journal.open(layout.journal, end);
    const writer = new StoreWriter(connection, journal, options.clock);
    const reader = await SqliteConnection.open(layout.database, { access: "read" });
    const objects = objectStore(layout, options);
    return new StoreDataset({ layout, clock: options.clock, objects, reader, writing: { writer, lock } });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Looks at the version without locks and without making a file, so that a newer store stays as it is. */
async function refuseNewerDatabase(layout: StoreLayout): Promise<void> {
  if (((await sizeOf(layout.database)) ?? 0) === 0) return;
  const probe = await SqliteConnection.open(layout.database, { access: "frozen" });
  try {
    const version = (await probe.first<{ user_version: number }>("PRAGMA user_version"))?.user_version ?? 0;
    const newest = newestVersion(migrations);
    if (version > newest) throw storeNewerError(layout, "database", version, newest);
  } finally {
    await probe.close();
  }
}

/** All folders exist while a writer is open, so that no write has to make one. */
async function ensureFolders(layout: StoreLayout): Promise<void> {
  for (const folder of [layout.objects, layout.shots, layout.previews, layout.incoming]) {
    await mkdir(folder, { recursive: true });
  }
  const present = new Set(await readdir(layout.objects));
  const missing = objectFolders.filter((name) => !present.has(name));
  await Promise.all(missing.map((name) => mkdir(join(layout.objects, name))));
  await syncDirectory(layout.objects);
  await syncDirectory(layout.directory);
}

function objectStore(layout: StoreLayout, options: OpenOptions): ObjectStore {
  return new ObjectStore(layout, options.writerThreads ?? defaultWriterThreads);
}
