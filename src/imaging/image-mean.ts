/** The mean of several shots. */
import { CallerError } from "../base/errors.js";
import { inSlices } from "./in-slices.js";
import type { LinearImage } from "./raw-frame.js";

/** Adds images up, so that many shots need no more memory than two; in slices, so that other work gets on. */
export class ImageMean {
  #sum: LinearImage | null = null;
  #count = 0;

  /** @param image of the same size as those before. */
  async add({ shares: added, ...size }: LinearImage): Promise<void> {
    this.#count += 1;
    this.#sum ??= { ...size, shares: new Float32Array(new SharedArrayBuffer(added.byteLength)) };
    const { shares } = this.#sum;
    await inSlices(added.length, (from, to) => {
      for (let i = from; i < to; i++) shares[i] = (shares[i] as number) + (added[i] as number);
    });
  }

  /** @throws CallerError USAGE without images. */
  async mean(): Promise<LinearImage> {
    const sum = this.#sum;
    if (sum === null) {
      throw new CallerError("USAGE", "there is no image to average", { advice: "Take one shot at least." });
    }
    const shares = new Float32Array(new SharedArrayBuffer(sum.shares.byteLength));
    await inSlices(shares.length, (from, to) => {
      for (let i = from; i < to; i++) shares[i] = (sum.shares[i] as number) / this.#count;
    });
    return { ...sum, shares };
  }
}
