import type { LinearImage } from "../../imaging/raw-frame.js";

/** Mean of images of the same size and channels. */
export function averageImages(images: readonly LinearImage[]): LinearImage {
  const first = images[0] as LinearImage;
  const shares = new Float32Array(new SharedArrayBuffer(first.shares.byteLength));
  for (let i = 0; i < shares.length; i++) {
    let sum = 0;
    for (const image of images) sum += image.shares[i] as number;
    shares[i] = sum / images.length;
  }
  return { ...first, shares };
}
