/** Images and arrays as files in parts, to be written one after the other. */
import { buildTiffHeader } from "../../imaging/tiff-writer.js";
import type { Resampled } from "../../native/resample.js";
import type { NpyType } from "../../schema/npy.js";

type Parts = readonly Uint8Array<SharedArrayBuffer>[];

/** An uncompressed 16-bit TIFF. @param description goes to its ImageDescription. */
export function canonicalTiff(image: Resampled, description: string): Parts {
  const { widthPx, heightPx, channels, samples } = image;
  const header = buildTiffHeader({ widthPx, heightPx, samplesPerPixel: channels, description });
  return [header, sharedBytes(samples)];
}

/**
 * A NumPy file of format version 1 (numpy.lib.format), C order, little-endian.
 * @param shape whose product is the array's length.
 */
export function npyOf(array: Float32Array | Uint8Array | Uint16Array, shape: readonly number[]): Parts {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const fields = `{'descr': '${typeOf(array)}', 'fortran_order': False, 'shape': (${extents}), }`;
  // Magic, version and length take 10 bytes; the data start at a multiple of 64.
  const headerBytes = Math.ceil((10 + fields.length + 1) / 64) * 64;
  const header = new Uint8Array(new SharedArrayBuffer(headerBytes));
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, headerBytes - 10, true);
  header.set(new TextEncoder().encode(`${fields.padEnd(headerBytes - 11)}\n`), 10);
  return [header, sharedBytes(array)];
}

function typeOf(array: Float32Array | Uint8Array | Uint16Array): NpyType {
  if (array instanceof Float32Array) return "<f4";
  return array instanceof Uint16Array ? "<u2" : "|u1";
}

/** The same bytes where they lie in shared memory, else a copy. */
function sharedBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<SharedArrayBuffer> {
  if (buffer instanceof SharedArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
  const bytes = new Uint8Array(new SharedArrayBuffer(byteLength));
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
  return bytes;
}
