/** Mean signal of an image's middle, each channel. */
import type { Triple } from "../color/lab.js";
import { cellMeans } from "./cell-means.js";
import type { LinearImage } from "./raw-frame.js";

/** Of 3 × 3 equal parts the one in the middle, share of the range; of a mono image the same number three times. */
export function middleSignal(image: LinearImage): Triple {
  const mean = (channel: 0 | 1 | 2): number => cellMeans(image, channel, 3, 3)[4]?.mean as number;
  return [mean(0), mean(1), mean(2)];
}
