import type { Triple } from "../../color/lab.js";
import type { LinearImage } from "../../imaging/raw-frame.js";

export interface DarkFrame {
  /** Mean in the dark less the config's black level, share of the range. */
  readonly offset: Triple;
  /** Standard deviation from px to px, share of the range. */
  readonly noise: Triple;
}

/** Share of the px left out at either end: hot and dead ones. */
const extremes = 0.001;

/** What a camera puts out without light; mono images give equal channels. */
export function measureDark(image: LinearImage): DarkFrame {
  const measured = [0, 1, 2].map((channel) => {
    const { channels, shares } = image;
    const source = Math.min(channel, channels - 1);
    const values = Float32Array.from(
      { length: shares.length / channels },
      (_, i) => shares[i * channels + source] as number,
    );
    const cut = Math.floor(values.length * extremes);
    const kept = values.sort().subarray(cut, values.length - cut);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length;
    return { mean, sigma: Math.sqrt(variance) };
  });
  return {
    offset: measured.map(({ mean }) => mean) as unknown as Triple,
    noise: measured.map(({ sigma }) => sigma) as unknown as Triple,
  };
}

/** The image less what its camera shows in the dark. */
export function withoutOffset(image: LinearImage, offset: Triple): LinearImage {
  const shares = new Float32Array(new SharedArrayBuffer(image.shares.byteLength));
  for (let i = 0; i < shares.length; i++) {
    shares[i] = (image.shares[i] as number) - (offset[i % image.channels] as number);
  }
  return { ...image, shares };
}
