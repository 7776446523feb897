/** Rebuilds the database row by row from sidecars and journal. */
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "./durable-files.js";
import { codeOf } from "./error-code.js";
import { StoreLayout } from "./layout.js";
import { type OpenOptions, openDataset } from "./open-dataset.js";
import { asStoreError } from "./store-errors.js";
import { requireMarker } from "./store-marker.js";
import { takeWriterLock } from "./writer-lock.js";

/**
 * Moves the database (if there is one) into `backups/` and lets {@link openDataset} make it anew.
 * Resolves with the path of the old database, null when there was none. When it fails, e.g. at a
 * damaged sidecar, the old database is in `backups/`, and opening the store tries again.
 * @throws STORE_NOT_FOUND or STORE_PATH (nothing is touched), STORE_BUSY when a writer is open, FILE_CORRUPT naming the damaged line or sidecar.
 */
export async function rebuildDatabase(
  directory: string,
  options: Omit<OpenOptions, "mode">,
): Promise<{ readonly backup: string | null }> {
  const layout = new StoreLayout(directory);
  try {
    await requireMarker(layout);
    const backup = await putAside(layout, options.clock.utcNow());
    const dataset = await openDataset(directory, { ...options, mode: "must-exist" });
    await dataset.close();
    return { backup };
  } catch (error) {
    throw await asStoreError(error, layout.directory, "rebuild the database");
  }
}

/** The WAL goes along: without it the old database would lack its last transactions. */
async function putAside(layout: StoreLayout, utcNow: string): Promise<string | null> {
  const lock = await takeWriterLock(layout);
  try {
    await mkdir(layout.backups, { recursive: true });
    const backup = join(layout.backups, `nearfar.before-rebuild-${utcNow.replace(/[-:.]/g, "")}.sqlite`);
    await moveIfThere(`${layout.database}-wal`, `${backup}-wal`);
    const moved = await moveIfThere(layout.database, backup);
    await syncDirectory(layout.backups);
    await syncDirectory(layout.directory);
    return moved ? backup : null;
  } finally {
    await lock.release();
  }
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
