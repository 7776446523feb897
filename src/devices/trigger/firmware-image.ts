/** The firmware image that comes with the program, checked before it is put on a board. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WorldError } from "../../base/errors.js";

export interface FirmwareImage {
  /** Intel HEX file, as avrdude takes it. */
  readonly hexPath: string;
  /** "major.minor.patch" */
  readonly version: string;
  /** Bytes that go to flash. */
  readonly sizeBytes: number;
}

/**
 * Reads `build/trigger.hex` and, from the header it is built with, its version.
 * @param firmwareFolder `native/firmware`
 * @throws WorldError TOOL_MISSING when it is not built, FILE_CORRUPT when it is damaged
 */
export async function readFirmwareImage(firmwareFolder: string): Promise<FirmwareImage> {
  const hexPath = join(firmwareFolder, "build/trigger.hex");
  const sizeBytes = flashBytes(await readText(hexPath));
  if (sizeBytes === null) throw corrupt(hexPath, "is not a sound Intel HEX file");
  const header = join(firmwareFolder, "app/version.h");
  const version = versionIn(await readText(header));
  if (version === null) throw corrupt(header, "names no firmware version");
  return { hexPath, version, sizeBytes };
}

function versionIn(header: string): string | null {
  const parts = ["MAJOR", "MINOR", "PATCH"].map(
    (part) => new RegExp(`FIRMWARE_${part} = (\\d+)`).exec(header)?.[1],
  );
  return parts.includes(undefined) ? null : parts.join(".");
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "latin1");
  } catch (cause) {
    throw new WorldError("TOOL_MISSING", `the firmware image has not been built: ${path} is missing`, {
      advice: "Install gcc-avr and avr-libc, then run `npm run build:native`.",
      cause,
    });
  }
}

const dataRecord = 0;
const endRecord = 1;

/** Data bytes of all records; null when a line is damaged or the end record is missing. */
function flashBytes(text: string): number | null {
  let bytes = 0;
  for (const line of text.split(/\r?\n/)) {
    const record = parseRecord(line);
    if (record === null) return null;
    if (record.type === endRecord) return bytes;
    if (record.type === dataRecord) bytes += record.dataBytes;
  }
  return null;
}

/** `:` length address(2) type data… checksum; all bytes add up to 0 modulo 256. */
function parseRecord(line: string): { type: number; dataBytes: number } | null {
  if (!/^:([0-9A-Fa-f]{2}){5,}$/.test(line)) return null;
  const bytes = Buffer.from(line.slice(1), "hex");
  const sum = bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
  const dataBytes = bytes[0] as number;
  if (sum !== 0 || bytes.length !== dataBytes + 5) return null;
  return { type: bytes[3] as number, dataBytes };
}

function corrupt(path: string, what: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${path} ${what}`, {
    advice: "Build it again: `npm run build:native`.",
  });
}
