/** One number a pixel of a linear image. */
import type { LinearImage } from "./raw-frame.js";

/** heightPx × widthPx, row-major, shares of full scale; upright. What the board finder takes, too. */
export interface ImagePlane {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Float32Array;
}

/**
 * @param wanted `all`: the channels' mean, which keeps all light; `green`: the channel that demosaicing blurs least.
 *   Mono images have one channel only.
 */
export function planeOf(image: LinearImage, wanted: "all" | "green"): ImagePlane {
  const { widthPx, heightPx, shares, channels } = image;
  const [first, count] = channels === 1 ? [0, 1] : wanted === "green" ? [1, 1] : [0, 3];
  const data = new Float32Array(widthPx * heightPx);
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (let c = first; c < first + count; c++) sum += shares[i * channels + c] as number;
    data[i] = sum / count;
  }
  return { widthPx, heightPx, data };
}
