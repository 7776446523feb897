import { readFile } from "node:fs/promises";
import { type NpyArray, parseNpy } from "../../schema/npy.js";

/**
 * Reads a .npy file (format version 1, as NumPy and the virtual rig write it).
 * @throws {WorldError} FILE_CORRUPT when it is damaged or of another kind; the file system's own error
 *   when it cannot be read.
 */
export async function readNpy(path: string): Promise<NpyArray> {
  return parseNpy(path, await readFile(path));
}
