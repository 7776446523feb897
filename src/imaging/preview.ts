/** JPEG previews and thumbnails. */
import sharp from "sharp";
import { CallerError } from "../base/errors.js";
import { encodeSrgb, type PreviewPixels } from "./preview-pixels.js";
import type { LinearImage } from "./raw-frame.js";

/** High enough to judge focus at full size; 4:2:0 chroma as sharp's default. */
const jpegQuality = 85;

/**
 * A decoded image as sRGB JPEG.
 * @param longEdgePx longer side of the result in px; a smaller image is not enlarged.
 */
export function renderPreviewOf(image: LinearImage, longEdgePx: number): Promise<Uint8Array> {
  return encodePreview(encodeSrgb(image), longEdgePx);
}

/** @throws CallerError USAGE unless `longEdgePx` is a whole number above 0. */
export async function encodePreview(pixels: PreviewPixels, longEdgePx: number): Promise<Uint8Array> {
  requireLongEdge(longEdgePx);
  const { widthPx: width, heightPx: height, channels, bytes } = pixels;
  return sharp(bytes, { raw: { width, height, channels } })
    .resize(longEdgePx, longEdgePx, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: jpegQuality })
    .toBuffer();
}

export function requireLongEdge(longEdgePx: number): void {
  if (Number.isInteger(longEdgePx) && longEdgePx > 0) return;
  throw new CallerError("USAGE", `a preview cannot be ${longEdgePx} px long`, {
    advice: "Give the longer side of the preview as a whole number of px.",
  });
}
