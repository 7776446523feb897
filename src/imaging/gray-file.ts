/** Files as gray images: people's pictures with the depth that they have, and nearfar's own frames. */
import { readFile } from "node:fs/promises";
import { NearfarError } from "../base/errors.js";
import type { VisionImage } from "../native/vision.js";
import { decodeFrame } from "./decode.js";
import { grayOfLinear, lumaOf } from "./gray.js";
import { notAPicture, openPicture } from "./picture-file.js";
import { readStoredFrame, readTiff } from "./tiff-reader.js";

/**
 * Luma of a picture, upright as its EXIF orientation tells; 16 bits stay 16 bits. A frame as nearfar stores it is
 * decoded: upright, un-mirrored and linear.
 * @throws CallerError NOT_FOUND when there is no such file, FILE_CORRUPT when it is no picture.
 */
export async function readGrayFile(path: string, signal?: AbortSignal): Promise<VisionImage> {
  const frame = /\.tiff?$/i.test(path) ? await storedFrame(path) : null;
  if (frame !== null) return grayOfLinear(await decodeFrame(frame, signal));
  const picture = await openPicture(path);
  try {
    const deep = (await picture.metadata()).depth === "ushort";
    const pixels = deep
      ? picture.toColourspace("rgb16").raw({ depth: "ushort" })
      : picture.toColourspace("srgb").raw({ depth: "uchar" });
    const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
    const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
    const { width: widthPx, height: heightPx } = info;
    return { data: lumaOf(samples, widthPx * heightPx), widthPx, heightPx };
  } catch (cause) {
    throw notAPicture(path, cause);
  }
}

/** Null for a TIFF of other origin, which is read as a picture. */
async function storedFrame(path: string): Promise<ReturnType<typeof readStoredFrame> | null> {
  const file = await readFile(path).catch(() => null);
  if (file === null) return null;
  try {
    return readTiff(file).description === null ? null : readStoredFrame(file);
  } catch (error) {
    if (error instanceof NearfarError && error.code === "FILE_CORRUPT") return null;
    throw error;
  }
}
