/** Picture files of people's own (PNG, JPEG, TIFF, …), as 8-bit sRGB. */
import { stat, writeFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { CallerError } from "../base/errors.js";

/** 8-bit sRGB, upright, R, G, B interleaved. */
export interface RgbPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Opens a picture upright, as its EXIF orientation tells, without transparency. */
export async function openPicture(path: string): Promise<Sharp> {
  try {
    await stat(path);
  } catch (cause) {
    throw new CallerError("NOT_FOUND", `There is no file ${path}.`, { advice: "Check the path.", cause });
  }
  return sharp(path).autoOrient().removeAlpha();
}

export function notAPicture(path: string, cause: unknown): CallerError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CallerError("FILE_CORRUPT", `${path} is not a picture that can be read: ${why}`, {
    advice: "Give a PNG, JPEG, TIFF or WebP file.",
    cause,
  });
}

/** @throws CallerError NOT_FOUND when there is no such file, FILE_CORRUPT when it is no picture. */
export async function readPicture(path: string): Promise<RgbPicture> {
  const picture = await openPicture(path);
  try {
    const pixels = picture.toColourspace("srgb").raw({ depth: "uchar" });
    const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
    return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
  } catch (cause) {
    throw notAPicture(path, cause);
  }
}

/**
 * Writes the picture as PNG with an SVG drawing of the same size laid over it.
 * @throws CallerError USAGE when the file cannot be written.
 */
export async function writePictureWithOverlay(picture: RgbPicture, svg: string, path: string): Promise<void> {
  const { widthPx: width, heightPx: height, data } = picture;
  const drawn = sharp(data, { raw: { width, height, channels: 3 } }).composite([{ input: Buffer.from(svg) }]);
  const png = await drawn.png().toBuffer();
  try {
    await writeFile(path, png);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CallerError("USAGE", `The picture cannot be written: ${why}`, {
      advice: "Name a file in a folder that exists and that you may write to.",
      cause,
    });
  }
}
