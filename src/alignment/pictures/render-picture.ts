/** Pictures of an aligned pair, made from its stored files. */
import {
  type AnimationFormat,
  type DrawnPicture,
  encodeAnimation,
  encodeJpeg,
  encodePng,
} from "../../imaging/encode-picture.js";
import type { RgbPicture } from "../../imaging/picture-file.js";
import { anaglyphOf } from "./anaglyph-picture.js";
import { depthPicture } from "./depth-picture.js";
import { differencePicture } from "./difference-picture.js";
import { displayGain, displayPicture } from "./display-light.js";
import { flowPicture } from "./flow-picture.js";
import type { PictureKind } from "./picture-kinds.js";
import { type PicturedFiles, readImage } from "./pictured-files.js";
import { tangentialPicture } from "./tangential-picture.js";

export interface RenderOptions {
  /** Of `blink`; WebP unless given. */
  readonly animation?: AnimationFormat;
}

export interface RenderedPicture {
  readonly bytes: Uint8Array;
  readonly mediaType: "image/jpeg" | "image/png" | "image/webp" | "image/gif";
  /** Of a file's name, with its dot. */
  readonly extension: ".jpg" | ".png" | ".webp" | ".gif";
}

/** Near and far alternate twice a second. */
const blinkMs = 250;

/**
 * Draws in slices of some ms, so that a server goes on answering. Each picture is in canonical pixels, sizePx wide; those
 * with a legend have it in a strip below, so that the top sizePx rows of all lie upon each other.
 * @throws CallerError NOT_FOUND when the pair has no flow and the picture needs it; WorldError FILE_CORRUPT for damaged
 *   files; what `files.read` rejects with.
 */
export async function renderPicture(
  kind: PictureKind,
  files: PicturedFiles,
  { animation = "webp" }: RenderOptions = {},
): Promise<RenderedPicture> {
  switch (kind) {
    case "near":
    case "far":
      return jpeg((await bothArms(files))[kind]);
    case "blink":
      return blink(await bothArms(files), animation);
    case "anaglyph": {
      const { near, far } = await bothArms(files);
      return jpeg(await anaglyphOf(near, far));
    }
    case "difference":
      return png(await differencePicture(files));
    case "flow":
      return png(await flowPicture(files));
    case "depth":
      return png(await depthPicture(files));
    case "tangential":
      return png(await tangentialPicture(files));
  }
}

/** In sRGB, equally bright. */
async function bothArms(
  files: PicturedFiles,
): Promise<{ readonly near: RgbPicture; readonly far: RgbPicture }> {
  const near = await readImage(files, "near");
  const gain = displayGain(near);
  const far = await readImage(files, "far");
  return { near: await displayPicture(near, gain), far: await displayPicture(far, gain) };
}

async function jpeg(picture: RgbPicture): Promise<RenderedPicture> {
  const bytes = await encodeJpeg({ ...picture, svg: null });
  return { bytes, mediaType: "image/jpeg", extension: ".jpg" };
}

async function png(picture: DrawnPicture): Promise<RenderedPicture> {
  return { bytes: await encodePng(picture), mediaType: "image/png", extension: ".png" };
}

async function blink(
  { near, far }: { readonly near: RgbPicture; readonly far: RgbPicture },
  format: AnimationFormat,
): Promise<RenderedPicture> {
  const pictures = [named(near, "near"), named(far, "far")];
  const bytes = await encodeAnimation(pictures, blinkMs, format);
  return { bytes, mediaType: `image/${format}`, extension: `.${format}` };
}

/** With the arm's name in a corner. */
function named(picture: RgbPicture, arm: string): DrawnPicture {
  const { widthPx, heightPx } = picture;
  const fontPx = widthPx / 32;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">` +
    `<text x="${fontPx / 2}" y="${1.2 * fontPx}" font-size="${fontPx}" font-family="DejaVu Sans, sans-serif" ` +
    `fill="#e6e8ea" stroke="#000" stroke-width="${fontPx / 8}" paint-order="stroke">${arm}</text></svg>`;
  return { ...picture, svg };
}
