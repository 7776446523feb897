/** Pictures made here, as files: PNG, JPEG, and animations in WebP and GIF. */
import sharp, { type Sharp } from "sharp";
import type { RgbPicture } from "./picture-file.js";

/** A picture, and an SVG drawing to be laid over the whole of it; null: none. */
export interface DrawnPicture extends RgbPicture {
  readonly svg: string | null;
}

/** Differences of a level or two must not drown in blocks. */
const jpegQuality = 95;

function flatten({ widthPx: width, heightPx: height, data, svg }: DrawnPicture): Sharp {
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  return svg === null ? picture : picture.composite([{ input: Buffer.from(svg) }]);
}

export function encodePng(picture: DrawnPicture): Promise<Uint8Array> {
  return flatten(picture).png().toBuffer();
}

/** With full chroma resolution. */
export function encodeJpeg(picture: DrawnPicture): Promise<Uint8Array> {
  return flatten(picture).jpeg({ quality: jpegQuality, chromaSubsampling: "4:4:4" }).toBuffer();
}

export const animationFormats = ["webp", "gif"] as const;
export type AnimationFormat = (typeof animationFormats)[number];

/**
 * Pictures one after the other, forever. GIF has 256 colors (dithered) and times in steps of 10 ms.
 * @param pictures at least one, all of the same size.
 * @param delayMs how long each is shown.
 */
export async function encodeAnimation(
  pictures: readonly DrawnPicture[],
  delayMs: number,
  format: AnimationFormat,
): Promise<Uint8Array> {
  const { widthPx: width, heightPx } = pictures[0] as DrawnPicture;
  const pages = await Promise.all(pictures.map((picture) => flatten(picture).removeAlpha().raw().toBuffer()));
  const height = heightPx * pages.length;
  const raw = { width, height, channels: 3, pageHeight: heightPx } as const;
  const timing = { loop: 0, delay: pages.map(() => delayMs) };
  const animation = sharp(Buffer.concat(pages), { raw });
  return format === "gif"
    ? animation.gif(timing).toBuffer()
    : animation.webp({ ...timing, quality: 90, smartSubsample: true }).toBuffer();
}
