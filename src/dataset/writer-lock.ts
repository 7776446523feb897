/**
 * At most one process writes to a store.
 *
 * The lock is an exclusive SQLite transaction held open on an empty side database. SQLite takes
 * it as a POSIX record lock, so the kernel releases it when the process ends in any way, kill -9
 * included, and no stale lock file can exist. (Such locks fall when the process closes *any*
 * descriptor of the file: nothing but SQLite may open writer.lock or nearfar.sqlite.)
 */
import { WorldError } from "../base/errors.js";
import { codeOf } from "./error-code.js";
import type { StoreLayout } from "./layout.js";
import { SqliteConnection } from "./sqlite-connection.js";

export interface WriterLock {
  release(): Promise<void>;
}

/** @throws WorldError STORE_BUSY at once when another writer holds the store, in this process or another. */
export async function takeWriterLock(layout: StoreLayout): Promise<WriterLock> {
  const connection = await SqliteConnection.open(layout.lock, { access: "lock" });
  try {
    await connection.execute("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    await connection.close();
    if (codeOf(error) !== "SQLITE_BUSY") throw error;
    throw new WorldError("STORE_BUSY", `another program is writing to ${layout.directory}`, {
      advice: `Close it first; \`fuser -v ${layout.lock}\` names it. Reading is possible meanwhile.`,
      cause: error,
    });
  }
  return { release: () => connection.close() };
}
