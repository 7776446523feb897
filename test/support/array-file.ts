import type { AlignedFile } from "../../src/alignment/aligned-pair.js";
import type { AlignmentFileName } from "../../src/schema/alignment.js";
import { npyBytes } from "./npy-bytes.js";

/** A NumPy file of a pair. */
export function arrayFile(
  name: AlignmentFileName,
  descr: string,
  shape: readonly number[],
  data: Float32Array | Uint8Array,
): AlignedFile {
  const bytes = npyBytes(descr, shape, data);
  const part = new Uint8Array(new SharedArrayBuffer(bytes.length));
  part.set(bytes);
  return { name, parts: [part] };
}
