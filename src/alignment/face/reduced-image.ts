/** Canonical images made small: faces, zones and colors need no more, and noise falls with the area. */
import type { Resampled } from "../../native/resample.js";
import { maskBits } from "../../schema/alignment.js";
import { canonicalWhite } from "../resample/canonical-white.js";

/** Means of blocks of a canonical image, linear. */
export interface ReducedImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  /** heightPx × widthPx × channels; 1 is diffuse white. Of the valid samples; 0 in blocks without any. */
  readonly values: Float32Array;
  /** heightPx × widthPx: share of the block's pixels that are valid, 0..1. */
  readonly validShare: Float32Array;
  /** Side of a block, px. */
  readonly factor: number;
}

/** Means over blocks of factor × factor px; px beyond the last whole block are left out. */
export function reduce(image: Resampled, factor: number): ReducedImage {
  const { channels, samples, flags } = image;
  const widthPx = Math.floor(image.widthPx / factor);
  const heightPx = Math.floor(image.heightPx / factor);
  const values = new Float32Array(widthPx * heightPx * channels);
  const validShare = new Float32Array(widthPx * heightPx);
  for (let y = 0; y < heightPx * factor; y++) {
    const cellRow = Math.floor(y / factor) * widthPx;
    let i = y * image.widthPx;
    for (let column = 0; column < widthPx; column++) {
      const cell = cellRow + column;
      for (let k = 0; k < factor; k++, i++) {
        if (((flags[i] as number) & maskBits.valid) === 0) continue;
        validShare[cell] = (validShare[cell] as number) + 1;
        for (let c = 0; c < channels; c++)
          values[cell * channels + c] =
            (values[cell * channels + c] as number) + (samples[i * channels + c] as number);
      }
    }
  }
  for (let cell = 0; cell < validShare.length; cell++) {
    const count = validShare[cell] as number;
    if (count === 0) continue;
    for (let c = 0; c < channels; c++)
      values[cell * channels + c] = (values[cell * channels + c] as number) / (count * canonicalWhite);
    validShare[cell] = count / (factor * factor);
  }
  return { widthPx, heightPx, channels, values, validShare, factor };
}

/** The factor that brings the longer side nearest to `sidePx`; 1 for smaller images. */
export function factorFor(
  image: { readonly widthPx: number; readonly heightPx: number },
  sidePx: number,
): number {
  return Math.max(1, Math.round(Math.max(image.widthPx, image.heightPx) / sidePx));
}
