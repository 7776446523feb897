import { inSlices } from "../../imaging/in-slices.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { ChartPicture } from "../../native/vision.js";

/** Share of the px that may be brighter than the top of the picture. */
const brighterShare = 0.003;
const topValue = 245;
/** Px looked at to find a channel's top. */
const lookedAt = 100_000;

/**
 * A linear image as the chart finder likes it: each channel stretched to its own top, as a rough white balance, and
 * its square root taken.
 */
export async function chartPicture({
  widthPx,
  heightPx,
  channels,
  shares,
}: LinearImage): Promise<ChartPicture> {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let channel = 0; channel < 3; channel++) {
    const source = Math.min(channel, channels - 1);
    const top = topOf(shares, channels, source);
    await inSlices(widthPx * heightPx, (from, to) => {
      for (let pixel = from; pixel < to; pixel++) {
        const share = Math.max(0, shares[pixel * channels + source] as number) / top;
        data[3 * pixel + channel] = Math.min(255, Math.round(topValue * Math.sqrt(share)));
      }
    });
  }
  return { data, widthPx, heightPx };
}

function topOf(shares: Float32Array, channels: number, channel: number): number {
  const pixels = shares.length / channels;
  const step = Math.max(1, Math.floor(pixels / lookedAt));
  const seen = Float32Array.from(
    { length: Math.ceil(pixels / step) },
    (_, i) => shares[i * step * channels + channel] as number,
  ).sort();
  return Math.max(1e-6, seen[Math.floor((seen.length - 1) * (1 - brighterShare))] as number);
}
