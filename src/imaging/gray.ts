/** Gray images, on which corners are measured. */
import type { VisionImage } from "../native/vision.js";
import type { LinearImage } from "./raw-frame.js";

/** Of a decoded frame, as shares: Rec. 709 luma of its color channels, or its only channel. */
export function grayOfLinear({ shares, channels, widthPx, heightPx }: LinearImage): VisionImage {
  return { data: channels === 1 ? shares : lumaOf(shares, widthPx * heightPx), widthPx, heightPx };
}

/** Rec. 709 luma of interleaved R, G, B, in their own units. */
export function lumaOf(rgb: Uint8Array | Uint16Array | Float32Array, pixels: number): Float32Array {
  const gray = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const at = 3 * i;
    gray[i] =
      0.2126 * (rgb[at] as number) + 0.7152 * (rgb[at + 1] as number) + 0.0722 * (rgb[at + 2] as number);
  }
  return gray;
}
