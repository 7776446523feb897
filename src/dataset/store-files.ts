/** The files of a store that are neither database, journal nor objects: sidecars, previews, leftovers. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeDirectoryDurably, writeFileDurably } from "./durable-files.js";
import { codeOf } from "./error-code.js";
import type { StoreLayout } from "./layout.js";

export class StoreFiles {
  readonly #layout: StoreLayout;
  readonly #sidecarFolders = new Map<string, Promise<void>>();

  constructor(layout: StoreLayout) {
    this.#layout = layout;
  }

  /** Durable when it resolves; replaces what an attempt before left. */
  async writeSidecar(shotId: number, text: string): Promise<void> {
    const path = this.#layout.sidecarPath(shotId);
    await this.#sidecarFolder(dirname(path));
    await writeFileDurably(path, text, this.#layout.incoming);
  }

  /** Whole or absent, but not fsynced: it can be made again. */
  async writePreview(path: string, jpeg: Uint8Array): Promise<void> {
    const temp = join(this.#layout.incoming, `${randomUUID()}.jpg.tmp`);
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(temp, jpeg);
      await rename(temp, path);
    } catch (error) {
      await unlink(temp).catch(() => {});
      throw error;
    }
  }

  /** Removes the files in `incoming/` that nobody is writing; returns how many. */
  async sweepIncoming(isWriting: (path: string) => boolean): Promise<number> {
    const { incoming } = this.#layout;
    const dead = (await readdir(incoming))
      .map((name) => join(incoming, name))
      .filter((path) => !isWriting(path));
    await Promise.all(dead.map((path) => unlink(path)));
    return dead.length;
  }

  /** Makes a folder of sidecars once. */
  async #sidecarFolder(folder: string): Promise<void> {
    const made = this.#sidecarFolders.get(folder) ?? makeDirectoryDurably(folder);
    this.#sidecarFolders.set(folder, made);
    try {
      await made;
    } catch (error) {
      this.#sidecarFolders.delete(folder);
      throw error;
    }
  }
}

/** Bytes of a file, null when it is missing. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
