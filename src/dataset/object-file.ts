/**
 * Writing the file of one object and reading files back, in a worker thread. The thread may block,
 * so it calls the system directly; only fsync goes through the thread pool, so that this thread
 * hashes while the device works.
 *
 * A file that was just written is read back from the page cache: Node has no posix_fadvise to drop
 * it there, and reading the device instead (by O_DIRECT) halved the throughput where it was measured.
 * So the re-read proves that the file is whole and holds what was hashed; what the device itself
 * kept, after an fsync that reported no error, is for the audit to say, which reads by O_DIRECT.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fsync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { allocateAlignedBuffer, directIoAlignmentBytes } from "./aligned-buffer.js";
import { codeOf } from "./error-code.js";

/** How much is read at a time. */
const bufferBytes = 4 << 20;

const sync = promisify(fsync);

export interface FileDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/** Where a file is read from. */
export type ReadFrom =
  /** The page cache, as far as it holds the file: fast. */
  | "cache"
  /** The device, by direct I/O; the cache on file systems that do not offer it. */
  | "device";

/** Writes the parts one after the other to a new file (mode 0444), fsyncs and hashes it. */
export async function writeHashed(path: string, parts: readonly Uint8Array[]): Promise<FileDigest> {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o444);
  try {
    let bytes = 0;
    for (const part of parts) bytes += writeAll(file, part, bytes);
    const synced = sync(file);
    synced.catch(() => {}); // awaited below
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    await synced;
    return { sha256: hash.digest("hex"), bytes };
  } finally {
    closeSync(file);
  }
}

/** Reads and hashes files, one at a time, through an aligned buffer of its own. */
export class FileHasher {
  readonly #buffer = allocateAlignedBuffer(bufferBytes);

  digest(path: string, from: ReadFrom): FileDigest {
    const file = openFrom(path, from);
    try {
      const hash = createHash("sha256");
      for (let bytes = 0; ; ) {
        const length = readSync(file, this.#buffer, 0, bufferBytes, bytes);
        hash.update(this.#buffer.subarray(0, length));
        bytes += length;
        // Direct reads start at aligned offsets only; a shorter one is the end of the file.
        if (length === 0 || length % directIoAlignmentBytes !== 0)
          return { sha256: hash.digest("hex"), bytes };
      }
    } finally {
      closeSync(file);
    }
  }
}

function openFrom(path: string, from: ReadFrom): number {
  try {
    return openSync(path, constants.O_RDONLY | (from === "device" ? constants.O_DIRECT : 0));
  } catch (error) {
    if (codeOf(error) !== "EINVAL") throw error;
    return openSync(path, constants.O_RDONLY);
  }
}

/** Returns the number of bytes, all of them. */
function writeAll(file: number, data: Uint8Array, position: number): number {
  let done = 0;
  while (done < data.length) done += writeSync(file, data, done, data.length - done, position + done);
  return done;
}

/** Removes a file that may be missing. */
export function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
