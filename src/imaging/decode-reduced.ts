/** A smaller decoded image by averaging whole cells: for previews, in one pass, without OpenCV. */
import { UprightPass } from "./linear.js";
import { type CfaPattern, pixelLayouts } from "./pixel-layout.js";
import type { LinearImage, SampleFrame } from "./raw-frame.js";

/** The smallest binning a pixel format allows: 2 for a mosaic, whose cell makes one color px. */
export function leastBinning(frame: Pick<SampleFrame, "pixelFormat">): 1 | 2 {
  return pixelLayouts[frame.pixelFormat].cfa === null ? 1 : 2;
}

/**
 * Averages `binning` × `binning` stored px into one (each color by itself), then un-mirrors and turns.
 * What remains on the right and at the bottom of the stored image is left out.
 * @param binning whole; even for a mosaic, where each 2 × 2 cell gives one color.
 */
export function decodeReduced(frame: SampleFrame, binning: number): LinearImage {
  const widthPx = Math.floor(frame.widthPx / binning);
  const heightPx = Math.floor(frame.heightPx / binning);
  const { cfa, samplesPerPixel } = pixelLayouts[frame.pixelFormat];
  const channels = cfa === null ? samplesPerPixel : 3;
  const values = new Float32Array(widthPx * heightPx * channels);
  const gains = binGains(cfa, binning);
  const sums = new Float64Array(widthPx * channels);
  for (let row = 0; row < heightPx; row++) {
    sums.fill(0);
    for (let y = row * binning; y < (row + 1) * binning; y++) {
      const first = y * frame.widthPx * samplesPerPixel;
      const samples = frame.samples.subarray(first, first + widthPx * binning * samplesPerPixel);
      addRow(samples, sums, channelsOfRow(cfa, y, samplesPerPixel), channels, binning * samplesPerPixel);
    }
    const out = row * widthPx * channels;
    for (let i = 0; i < sums.length; i++) {
      values[out + i] = (sums[i] as number) * (gains[i % channels] as number);
    }
  }
  const pass = new UprightPass({ widthPx, heightPx, channels, values }, frame);
  pass.fillRows(0, pass.image.heightPx);
  return pass.image;
}

/** Channel of each sample of a row, repeating: the CFA's row, R G B, or always the same. */
function channelsOfRow(cfa: CfaPattern | null, y: number, samplesPerPixel: 1 | 3): readonly number[] {
  if (cfa === null) return samplesPerPixel === 3 ? [0, 1, 2] : [0];
  const row = (y & 1) * 2;
  return ["RGB".indexOf(cfa.charAt(row)), "RGB".indexOf(cfa.charAt(row + 1))];
}

/** Adds a stored row to its bins' sums, `perBin` samples to each, one color of the row after the other. */
function addRow(
  samples: Uint16Array,
  sums: Float64Array,
  channelOf: readonly number[],
  channels: number,
  perBin: number,
): void {
  const period = channelOf.length;
  for (let phase = 0; phase < period; phase++) {
    let out = channelOf[phase] as number;
    for (let bin = 0; bin < samples.length; bin += perBin, out += channels) {
      let sum = 0;
      for (let i = bin + phase; i < bin + perBin; i += period) sum += samples[i] as number;
      sums[out] = (sums[out] as number) + sum;
    }
  }
}

/** One over the number of samples of each color in a bin: a mosaic has twice as many greens. */
function binGains(cfa: CfaPattern | null, binning: number): readonly number[] {
  const area = binning * binning;
  return cfa === null ? [1 / area, 1 / area, 1 / area] : [4 / area, 2 / area, 4 / area];
}
