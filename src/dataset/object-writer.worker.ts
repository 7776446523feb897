/** Worker thread of the object store: one job at a time, never on the JS thread of the program. */
import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { codeOf } from "./error-code.js";
import { type FileDigest, FileHasher, unlinkIfThere, writeHashed } from "./object-file.js";
import type { ObjectJob, ObjectReply, WriteJob } from "./object-jobs.js";

const hasher = new FileHasher();

parentPort?.on("message", async (job: ObjectJob) => {
  parentPort?.postMessage(await answer(job));
});

async function answer(job: ObjectJob): Promise<ObjectReply> {
  try {
    const digest = job.kind === "write" ? await writeObject(job) : hasher.digest(job.path, "device");
    return { ok: true, sha256: digest.sha256, bytes: digest.bytes };
  } catch (error) {
    return {
      ok: false,
      code: codeOf(error),
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

/** The safe order: temp file, fsync, re-read hash, rename, fsync of the folder. */
async function writeObject(job: WriteJob): Promise<FileDigest> {
  try {
    const written = await writeHashed(job.tempPath, job.parts);
    if (hasher.digest(job.tempPath, "cache").sha256 !== written.sha256) {
      throw new Error(
        "an object reads back differently from what was written: faulty memory, or its buffer was reused too early",
      );
    }
    const folder = join(job.objectsFolder, written.sha256.slice(0, 2));
    const path = join(folder, `${written.sha256.slice(2)}${job.extension}`);
    if (isStored(path, written)) unlinkIfThere(job.tempPath);
    else renameSync(job.tempPath, path);
    // Also for an object that was there: another thread may have renamed it a moment ago.
    syncFolder(folder);
    return written;
  } catch (error) {
    unlinkIfThere(job.tempPath);
    throw error;
  }
}

/** True when the same content is stored already, soundly; a damaged copy is replaced by the new one. */
function isStored(path: string, expected: FileDigest): boolean {
  try {
    return hasher.digest(path, "device").sha256 === expected.sha256;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

function syncFolder(folder: string): void {
  const directory = openSync(folder, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
