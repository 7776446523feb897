/** Files that are whole or absent after a power cut. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Makes the content of a file durable. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes renames and new names in `directory` durable. */
export function syncDirectory(directory: string): Promise<void> {
  return syncFile(directory);
}

/** Makes one folder (parents exist) and its name durable; resolves also when it was there. */
export async function makeDirectoryDurably(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await syncDirectory(dirname(directory));
}

/**
 * Temp file in `tempFolder` (same file system), fsync, rename over `path`, fsync of its folder.
 * A crash leaves the old content or the new one, never a part.
 */
export async function writeFileDurably(path: string, content: string, tempFolder: string): Promise<void> {
  const temp = join(tempFolder, `${basename(path)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temp, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temp, path);
  } catch (error) {
    await unlink(temp).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}
