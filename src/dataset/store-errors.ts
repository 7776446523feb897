/** What a failed system call or SQL statement means for somebody who keeps a dataset. */
import { statfs } from "node:fs/promises";
import { CallerError, type ErrorCode, NearfarError, WorldError } from "../base/errors.js";
import { codeOf } from "./error-code.js";

/** Below this, an I/O error that names no reason is taken for a full disk (SQLite hides the errno). */
const nearlyFullBytes = 256 * 1024;

const meanings: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "STORE_FULL",
  EDQUOT: "STORE_FULL",
  SQLITE_FULL: "STORE_FULL",
  EROFS: "STORE_READ_ONLY",
  EACCES: "STORE_READ_ONLY",
  EPERM: "STORE_READ_ONLY",
  SQLITE_READONLY: "STORE_READ_ONLY",
  SQLITE_BUSY: "STORE_BUSY",
  SQLITE_CORRUPT: "FILE_CORRUPT",
  SQLITE_NOTADB: "FILE_CORRUPT",
};

/** Free bytes of the file system that holds `path`, for an ordinary user. */
export async function freeBytesAt(path: string): Promise<number> {
  const stats = await statfs(path);
  return stats.bavail * stats.bsize;
}

/**
 * Gives a code of ours to a failed system call or SQL statement. `action` completes "could not …".
 * Errors that have one pass through, and so do defects, which have none.
 */
export async function asStoreError(error: unknown, directory: string, action: string): Promise<unknown> {
  if (error instanceof NearfarError || codeOf(error) === "") return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (codeOf(error) === "SQLITE_CONSTRAINT") {
    return new CallerError("USAGE", `could not ${action}: the record contradicts the store (${reason})`, {
      advice: "Nothing was stored. Hand in a record that fits what the store already holds.",
      cause: error,
    });
  }
  const freeBytes = await freeBytesAt(directory).catch(() => null);
  const hidden =
    /^(EIO|SQLITE_IOERR|SQLITE_CANTOPEN)$/.test(codeOf(error)) &&
    freeBytes !== null &&
    freeBytes < nearlyFullBytes;
  const code = hidden ? "STORE_FULL" : (meanings[codeOf(error)] ?? "STORE_IO");
  return new WorldError(code, `could not ${action} in ${directory}: ${describe(code, reason, freeBytes)}`, {
    advice: adviceFor(code),
    cause: error,
  });
}

function describe(code: ErrorCode, reason: string, freeBytes: number | null): string {
  return code === "STORE_FULL"
    ? `the disk is full, ${freeBytes ?? "unknown"} bytes are free (${reason})`
    : reason;
}

function adviceFor(code: ErrorCode): string {
  switch (code) {
    case "STORE_FULL":
      return "Every acknowledged shot is safe; only what was being written was not stored. Free space on this disk, then resume the session.";
    case "STORE_READ_ONLY":
      return "Give this user the right to write there (or mount it writable), or open the store for reading only.";
    case "STORE_BUSY":
      return "Close the other program that writes to this store, then try again.";
    case "FILE_CORRUPT":
      return "Keep a copy of the folder, move nearfar.sqlite* away, and open the store again: the database is rebuilt from sidecars and journal.";
    default:
      return "Every acknowledged shot is safe. Check the disk and its cable (dmesg), then open the store again.";
  }
}
