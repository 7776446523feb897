import type { Triple } from "../../color/lab.js";
import { maskBits } from "../../schema/alignment.js";
import type { CanonicalImage } from "./pictured-files.js";

/**
 * Light of an image between its pixels, bilinear; a single channel three times.
 * @returns null where one of the four pixels is outside the image or not valid, and for NaN.
 */
export function warpedLight(image: CanonicalImage, mask: Uint8Array, x: number, y: number): Triple | null {
  const { sizePx, channels, samples, white } = image;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (!(left >= 0 && top >= 0 && left + 1 < sizePx && top + 1 < sizePx)) return null;
  const corner = top * sizePx + left;
  const taps = [corner, corner + 1, corner + sizePx, corner + sizePx + 1];
  if (taps.some((tap) => ((mask[tap] as number) & maskBits.valid) === 0)) return null;
  const [across, down] = [x - left, y - top];
  const weights = [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down];
  const light = (channel: number): number => {
    const own = Math.min(channel, channels - 1);
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      sum += (weights[k] as number) * (samples[(taps[k] as number) * channels + own] as number);
    }
    return sum / white;
  };
  return [light(0), light(1), light(2)];
}
