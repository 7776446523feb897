/** An image and its halves, quarters, …, so that crops can be shrunk without aliasing. */
import type { FaceImage } from "./face.js";

/** One level; always three channels. A pixel of level n covers 2^n × 2^n pixels of the image. */
export interface PyramidLevel {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

const channels = 3;

function withThreeChannels({ data, widthPx, heightPx }: FaceImage): PyramidLevel {
  if (data.length === channels * widthPx * heightPx) return { data, widthPx, heightPx };
  const replicated = new Uint8Array(channels * data.length);
  for (let i = 0; i < replicated.length; i++) replicated[i] = data[Math.trunc(i / channels)] as number;
  return { data: replicated, widthPx, heightPx };
}

/** Averages blocks of 2 × 2; a last odd row or column is left out. */
function halve(level: PyramidLevel): PyramidLevel {
  const widthPx = level.widthPx >> 1;
  const heightPx = level.heightPx >> 1;
  const rowStep = channels * level.widthPx;
  const source = level.data;
  const data = new Uint8Array(channels * widthPx * heightPx);
  let target = 0;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const first = 2 * (y * rowStep + channels * x);
      for (let channel = 0; channel < channels; channel++) {
        const at = first + channel;
        const upper = (source[at] as number) + (source[at + channels] as number);
        const lower = (source[at + rowStep] as number) + (source[at + rowStep + channels] as number);
        data[target++] = (upper + lower + 2) >> 2;
      }
    }
  }
  return { data, widthPx, heightPx };
}

export class ImagePyramid {
  readonly #levels: PyramidLevel[];

  constructor(image: FaceImage) {
    this.#levels = [withThreeChannels(image)];
  }

  /** Level n or, when the image is too small for it, the last one there is. Made when first asked for. */
  level(n: number): { readonly level: PyramidLevel; readonly n: number } {
    while (this.#levels.length <= n) {
      const last = this.#levels.at(-1) as PyramidLevel;
      if (Math.min(last.widthPx, last.heightPx) < 2) break;
      this.#levels.push(halve(last));
    }
    const found = Math.min(n, this.#levels.length - 1);
    return { level: this.#levels[found] as PyramidLevel, n: found };
  }
}
