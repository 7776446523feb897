import { setImmediate } from "node:timers/promises";
import type { Triple } from "../../color/lab.js";
import { inSlices } from "../../imaging/in-slices.js";
import type { LinearImage } from "../../imaging/raw-frame.js";

export interface DarkFrame {
  /** Mean in the dark less the config's black level, share of the range. */
  readonly offset: Triple;
  /** Standard deviation from px to px, share of the range. */
  readonly noise: Triple;
}

/** Share of the px left out at either end: hot and dead ones. */
const extremes = 0.001;
/** Px looked at. A prime number: steps through the image then fall in with no column of it. */
const lookedAt = 199_999;

/** What a camera puts out without light; mono images give equal channels. */
export async function measureDark(image: LinearImage): Promise<DarkFrame> {
  const measured: Level[] = [];
  for (let channel = 0; channel < image.channels; channel++) {
    measured.push(levelOf(image, channel));
    await setImmediate();
  }
  const [r, g, b] = [0, 1, 2].map((channel) => measured[channel] ?? measured[0]) as [Level, Level, Level];
  return { offset: [r.mean, g.mean, b.mean], noise: [r.sigma, g.sigma, b.sigma] };
}

interface Level {
  readonly mean: number;
  readonly sigma: number;
}

function levelOf({ shares, channels }: LinearImage, channel: number): Level {
  const pixels = shares.length / channels;
  const step = Math.max(1, pixels / lookedAt);
  const values = Float32Array.from(
    { length: Math.floor(pixels / step) },
    (_, i) => shares[Math.floor(i * step) * channels + channel] as number,
  ).sort();
  const cut = Math.floor(values.length * extremes);
  const kept = values.subarray(cut, values.length - cut);
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length;
  return { mean, sigma: Math.sqrt(variance) };
}

/** The image less what its camera shows in the dark. */
export async function withoutOffset(image: LinearImage, offset: Triple): Promise<LinearImage> {
  const { channels } = image;
  const shares = new Float32Array(new SharedArrayBuffer(image.shares.byteLength));
  await inSlices(shares.length, (from, to) => {
    for (let i = from; i < to; i++)
      shares[i] = (image.shares[i] as number) - (offset[i % channels] as number);
  });
  return { ...image, shares };
}
