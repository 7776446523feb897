import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { WorldError } from "../../base/errors.js";

/**
 * sha256 of a file's content, 64 lower-case hex digits.
 * @throws WorldError FILE_CORRUPT when it is not there or cannot be read; the signal's reason.
 */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(part);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new WorldError("FILE_CORRUPT", `${path} cannot be read: ${(cause as Error).message}`, {
      advice: "Restore it from a backup; `nearfar session audit` checks all files of a store.",
      cause,
    });
  }
  return hash.digest("hex");
}
