/** What one alignment comes to, before it is kept anywhere. */
import type { AlignmentFileName, AlignmentRecord } from "../schema/alignment.js";

/** A file in parts to be written one after the other. */
export interface AlignedFile {
  readonly name: AlignmentFileName;
  readonly parts: readonly Uint8Array<SharedArrayBuffer>[];
}

export interface AlignedPair {
  /** Without `files`: their hashes are known once they are written. */
  readonly record: Omit<AlignmentRecord, "files">;
  readonly files: readonly AlignedFile[];
}
