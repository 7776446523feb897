import { readFile } from "node:fs/promises";
import { WorldError } from "../../base/errors.js";

const elementTypes = {
  "<f4": Float32Array,
  "|u1": Uint8Array,
  "<u2": Uint16Array,
} as const;

/** NumPy's name of an element type that {@link readNpy} knows: float32, uint8, uint16. */
export type NpyType = keyof typeof elementTypes;

/** An array in C order: the last index runs fastest. */
export interface NpyArray<Type extends NpyType = NpyType> {
  readonly dtype: Type;
  readonly shape: readonly number[];
  readonly data: InstanceType<(typeof elementTypes)[Type]>;
}

const magic = Buffer.from("\x93NUMPY", "latin1");

function corrupt(path: string, reason: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${path} is no NumPy file that nearfar reads: ${reason}`, {
    advice: "Write it again; arrays are float32, uint8 or uint16, little endian, in C order.",
  });
}

function isNpyType(text: string | undefined): text is NpyType {
  return text !== undefined && text in elementTypes;
}

/** The Python dictionary of the header, and where the data start. */
function readHeader(path: string, bytes: Buffer): { dtype: NpyType; shape: number[]; dataOffset: number } {
  if (bytes.length < 10 || !bytes.subarray(0, 6).equals(magic))
    throw corrupt(path, "it does not start as one");
  if (bytes[6] !== 1) throw corrupt(path, `its format version is ${bytes[6]}, not 1`);
  const dataOffset = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, dataOffset).toString("latin1");
  const dtype = /'descr': *'([^']*)'/.exec(header)?.[1];
  const extents = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (dataOffset > bytes.length || extents === undefined) throw corrupt(path, "its header is damaged");
  if (!isNpyType(dtype)) throw corrupt(path, `its element type is ${dtype}`);
  if (!/'fortran_order': *False/.test(header)) throw corrupt(path, "its order is not C's");
  return { dtype, shape: (extents.match(/\d+/g) ?? []).map(Number), dataOffset };
}

/**
 * Reads a .npy file (format version 1, as NumPy and the virtual rig write it).
 * @throws {WorldError} FILE_CORRUPT when it is damaged or of another kind; the file system's own error
 *   when it cannot be read.
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const bytes = await readFile(path);
  const { dtype, shape, dataOffset } = readHeader(path, bytes);
  const Elements = elementTypes[dtype];
  const count = shape.reduce((product, extent) => product * extent, 1);
  const dataBytes = bytes.length - dataOffset;
  if (dataBytes !== count * Elements.BYTES_PER_ELEMENT) {
    throw corrupt(path, `it holds ${dataBytes} bytes where ${count} elements of ${dtype} belong`);
  }
  // A copy of its own: typed arrays need aligned starts, and a pooled buffer would be kept alive.
  const own = bytes.buffer.slice(bytes.byteOffset + dataOffset, bytes.byteOffset + bytes.length);
  return { dtype, shape, data: new Elements(own as ArrayBuffer) };
}
