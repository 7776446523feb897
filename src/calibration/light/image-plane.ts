/** One number a pixel of a linear image, and means of several shots. */
import { CallerError } from "../../base/errors.js";
import type { LinearImage } from "../../imaging/raw-frame.js";

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

/** Adds images up, so that many shots need no more memory than two. */
export class ImageMean {
  #sum: LinearImage | null = null;
  #count = 0;

  /** @param image of the same size as those before. */
  add(image: LinearImage): void {
    this.#count += 1;
    if (this.#sum === null) {
      const shares = new Float32Array(new SharedArrayBuffer(image.shares.byteLength));
      shares.set(image.shares);
      this.#sum = { ...image, shares };
      return;
    }
    const { shares } = this.#sum;
    for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] as number) + (image.shares[i] as number);
  }

  /** @throws CallerError USAGE without images. */
  mean(): LinearImage {
    const sum = this.#sum;
    if (sum === null) {
      throw new CallerError("USAGE", "there is no image to average", { advice: "Take one shot at least." });
    }
    const shares = new Float32Array(new SharedArrayBuffer(sum.shares.byteLength));
    for (let i = 0; i < shares.length; i++) shares[i] = (sum.shares[i] as number) / this.#count;
    return { ...sum, shares };
  }
}
