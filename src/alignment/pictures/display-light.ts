/** Canonical images as a screen shows them. */
import { multiply, type Triple } from "../../color/lab.js";
import { srgbOfRec2020 } from "../../color/rec2020.js";
import { srgbLevel } from "../../color/srgb.js";
import { inSlices } from "../../imaging/in-slices.js";
import type { RgbPicture } from "../../imaging/picture-file.js";
import type { CanonicalImage } from "./pictured-files.js";

/** Pixels that are drawn before other work gets a chance: some ms. */
const slicePixels = 32_768;

/** Calls `draw` for every pixel of a square image, in slices. */
export function eachPixel(
  sizePx: number,
  draw: (pixel: number, x: number, y: number) => void,
): Promise<void> {
  return inSlices(
    sizePx * sizePx,
    (from, to) => {
      for (let pixel = from; pixel < to; pixel++) draw(pixel, pixel % sizePx, Math.floor(pixel / sizePx));
    },
    sizePx,
    slicePixels,
  );
}

/**
 * Linear sRGB of stored samples, light 1 at white. Gray for one channel; a camera's own colors are taken as if they were
 * sRGB.
 */
export function displayColor({ channels, rec2020 }: CanonicalImage, samples: Triple): Triple {
  if (channels === 1) return [samples[0], samples[0], samples[0]];
  return rec2020 ? multiply(srgbOfRec2020, samples) : samples;
}

/** Share of the image that may become white. */
const brightShare = 0.01;
/** Where its darkest bright pixel is brought to, and by how much at most. */
const shownLight = 0.7;
const mostGain = 16;

/**
 * By what the light of both images is multiplied for the screen: 1, or more when the near image is dark, as frames
 * without color calibration may be. One gain for both, so that they stay comparable.
 */
export function displayGain({ samples, channels, white }: CanonicalImage): number {
  const step = Math.max(1, Math.floor(samples.length / channels / 50_000)) * channels;
  const greens: number[] = [];
  for (let i = channels === 3 ? 1 : 0; i < samples.length; i += step) {
    if ((samples[i] as number) > 0) greens.push(samples[i] as number);
  }
  const sorted = Float64Array.from(greens).sort();
  const bright = (sorted[Math.floor((1 - brightShare) * sorted.length)] ?? 0) / white;
  return bright > 0 ? Math.min(Math.max(shownLight / bright, 1), mostGain) : 1;
}

/** The image in sRGB; black where nothing was sampled. */
export async function displayPicture(image: CanonicalImage, gain: number): Promise<RgbPicture> {
  const { sizePx, channels, samples, white } = image;
  const factor = gain / white;
  const data = new Uint8Array(sizePx * sizePx * 3);
  const light = (index: number): number => factor * (samples[index] as number);
  await eachPixel(sizePx, (pixel) => {
    const first = pixel * channels;
    const last = first + channels - 1;
    const [r, g, b] = displayColor(image, [light(first), light(Math.min(first + 1, last)), light(last)]);
    data[pixel * 3] = srgbLevel(r);
    data[pixel * 3 + 1] = srgbLevel(g);
    data[pixel * 3 + 2] = srgbLevel(b);
  });
  return { widthPx: sizePx, heightPx: sizePx, data };
}
