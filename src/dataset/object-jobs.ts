/** Messages between the object store and its worker threads. */

export interface WriteJob {
  readonly kind: "write";
  /** On shared memory, so that a frame is handed over without a copy. */
  readonly parts: readonly Uint8Array<SharedArrayBuffer>[];
  readonly tempPath: string;
  /** The `objects` folder; its 256 subfolders exist. */
  readonly objectsFolder: string;
  readonly extension: string;
}

export interface DigestJob {
  readonly kind: "digest";
  readonly path: string;
}

export type ObjectJob = WriteJob | DigestJob;

export type ObjectReply =
  | { readonly ok: true; readonly sha256: string; readonly bytes: number }
  | { readonly ok: false; readonly code: string; readonly message: string };
