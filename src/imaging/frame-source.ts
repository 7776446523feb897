/** Any file that holds a frame, opened for resampling. */
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { CallerError, NearfarError } from "../base/errors.js";
import type { FrameSource } from "../native/resample.js";
import type { Mount } from "../schema/rig-config.js";
import { openPictureSource } from "./frame-source-picture.js";
import { openRawSource } from "./frame-source-raw.js";
import { openTiffSource } from "./frame-source-tiff.js";

/** How to take files that do not say it themselves; frames that nearfar stored do. */
export interface FrameReading {
  /** What remains to be undone once the picture stands as its file says it should; nothing when left out. */
  readonly mount?: Mount;
  /** Of pictures; `srgb` when left out. Raw files are linear. */
  readonly transfer?: "linear" | "srgb";
  /** Sample value of no light; 0, or what a raw file says, when left out. */
  readonly blackLevel?: number;
  /** Sample value at which the sensor saturates; the greatest possible, or what a raw file says, when left out. */
  readonly whiteLevel?: number;
}

/** Of the makers whose files LibRaw reads; other files are looked into. */
const rawExtensions = new Set(
  "3fr arw cr2 cr3 crw dcr dng erf fff iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f".split(
    " ",
  ),
);

/**
 * A frame that nearfar stored or another uncompressed TIFF (their samples stay in the file), a picture (PNG, JPEG,
 * WebP, TIFF) or a camera's raw file (both decoded to memory, 8 or 16 bit as they are).
 * @throws CallerError NOT_FOUND; CallerError or WorldError FILE_CORRUPT for damaged files and those that are none of
 *   these.
 */
export async function openFrameSource(
  path: string,
  reading: FrameReading = {},
  signal?: AbortSignal,
): Promise<FrameSource> {
  signal?.throwIfAborted();
  const kind = await kindOf(path);
  signal?.throwIfAborted();
  if (kind === "raw") return openRawSource(path, reading, signal);
  if (kind === "tiff") {
    const source = openTiffSource(path, reading);
    if (source === "raw") return openRawSource(path, reading, signal);
    if (source !== null) return source;
  }
  try {
    return await openPictureSource(path, reading);
  } catch (notAPicture) {
    signal?.throwIfAborted();
    return openRawSource(path, reading, signal).catch((error: unknown) => {
      const unknownToo = error instanceof NearfarError && error.code === "FILE_CORRUPT";
      throw unknownToo ? notAPicture : error;
    });
  }
}

async function kindOf(path: string): Promise<"raw" | "tiff" | "other"> {
  const start = await firstBytes(path);
  if (rawExtensions.has(extname(path).slice(1).toLowerCase())) return "raw";
  const text = start.toString("latin1");
  return text.startsWith("II*\0") || text.startsWith("MM\0*") ? "tiff" : "other";
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new CallerError("NOT_FOUND", `${path} cannot be read: ${(cause as Error).message}`, {
      advice: "Give the path of a file that you may read.",
      cause,
    });
  }
}
