/** NumPy files (format version 1) of the element types that nearfar stores. */
import { WorldError } from "../base/errors.js";

const elementTypes = {
  "<f4": Float32Array,
  "|u1": Uint8Array,
  "<u2": Uint16Array,
} as const;

/** NumPy's name of an element type that {@link parseNpy} knows: float32, uint8, uint16. */
export type NpyType = keyof typeof elementTypes;

/** An array in C order: the last index runs fastest. */
export interface NpyArray<Type extends NpyType = NpyType> {
  readonly dtype: Type;
  readonly shape: readonly number[];
  readonly data: InstanceType<(typeof elementTypes)[Type]>;
}

const magic = "\x93NUMPY";
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function corrupt(name: string, reason: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${name} is no NumPy file that nearfar reads: ${reason}`, {
    advice: "Write it again; arrays are float32, uint8 or uint16, little endian, in C order.",
  });
}

function isNpyType(text: string | undefined): text is NpyType {
  return text !== undefined && text in elementTypes;
}

/** The Python dictionary of the header, and where the data start. */
function readHeader(
  name: string,
  bytes: Uint8Array,
): { dtype: NpyType; shape: number[]; dataOffset: number } {
  if (bytes.length < 10 || latin1(bytes.subarray(0, 6)) !== magic)
    throw corrupt(name, "it does not start as one");
  if (bytes[6] !== 1) throw corrupt(name, `its format version is ${bytes[6]}, not 1`);
  const dataOffset = 10 + (bytes[8] as number) + 256 * (bytes[9] as number);
  const header = latin1(bytes.subarray(10, dataOffset));
  const dtype = /'descr': *'([^']*)'/.exec(header)?.[1];
  const extents = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (dataOffset > bytes.length || extents === undefined) throw corrupt(name, "its header is damaged");
  if (!isNpyType(dtype)) throw corrupt(name, `its element type is ${dtype}`);
  if (!/'fortran_order': *False/.test(header)) throw corrupt(name, "its order is not C's");
  return { dtype, shape: (extents.match(/\d+/g) ?? []).map(Number), dataOffset };
}

/**
 * The array of a .npy file (format version 1, as NumPy and nearfar write it).
 * @param name of the file, for errors.
 * @throws WorldError FILE_CORRUPT when it is damaged or of another kind.
 */
export function parseNpy(name: string, bytes: Uint8Array): NpyArray {
  const { dtype, shape, dataOffset } = readHeader(name, bytes);
  const Elements = elementTypes[dtype];
  const count = shape.reduce((product, extent) => product * extent, 1);
  const dataBytes = bytes.length - dataOffset;
  if (dataBytes !== count * Elements.BYTES_PER_ELEMENT) {
    throw corrupt(name, `it holds ${dataBytes} bytes where ${count} elements of ${dtype} belong`);
  }
  // A copy of its own: typed arrays need aligned starts, and a pooled buffer would be kept alive.
  const own = bytes.buffer.slice(bytes.byteOffset + dataOffset, bytes.byteOffset + bytes.length);
  return { dtype, shape, data: new Elements(own as ArrayBuffer) };
}
