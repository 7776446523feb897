/** Colors of a chart's patches in an image. */
import { setImmediate } from "node:timers/promises";
import type { Triple } from "../../color/lab.js";
import type { Pixel } from "../../geometry/brown-camera.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { ChartSighting } from "../../schema/calibration-color.js";
import { madSigma, median } from "../../stats/median.js";
import { type ChartPlace, type Corners, chartColumns, chartRows, patchMiddle } from "./chart-place.js";

export type PatchSample = ChartSighting["patches"][number];

/** Of a patch's width and height: its edge mixes with the body and holds shadows. */
const sampledShare = 0.5;
/** From the median, in standard deviations by the median departure: dust and scratches lie beyond. */
const keptSigmas = 3;
/** What is never an outlier, share of the median and of the range: steps of 8 bits that half of the px may share. */
const coarseShare = 0.05;
const coarseLevel = 0.002;

/** Px looked at of a patch, every so many rows and columns of a larger one. */
const mostPixels = 40_000;

/** Shares at which a sample tells nothing any more. */
export interface ClipLimits {
  /** At or above. */
  readonly high: number;
  /** At or below; files clip at 0, cameras whose noise goes below it do not. */
  readonly low: number;
}

export const cameraClip: ClipLimits = { high: 0.98, low: Number.NEGATIVE_INFINITY };
export const fileClip: ClipLimits = { high: 0.98, low: 0 };

/**
 * Mean and noise of the middle of each of the 24 patches, in the chart's order; outliers in any channel are left out.
 * Patches outside of the image have no px and a mean of 0.
 */
export async function samplePatches(
  image: LinearImage,
  place: ChartPlace,
  clip: ClipLimits,
): Promise<PatchSample[]> {
  const samples: PatchSample[] = [];
  for (let patch = 0; patch < chartColumns * chartRows; patch++) {
    samples.push(samplePatch(image, patchMiddle(place, patch, sampledShare), clip));
    await setImmediate();
  }
  return samples;
}

function samplePatch(image: LinearImage, corners: Corners, clip: ClipLimits): PatchSample {
  const colors = colorsWithin(image, corners);
  const clipped = colors.filter((color) => color.some((share) => share >= clip.high || share <= clip.low));
  const kept = withoutOutliers(colors);
  const mean = ofChannels((channel) => meanOf(kept.map((color) => color[channel])));
  const sigma = ofChannels((channel) =>
    Math.sqrt(meanOf(kept.map((color) => (color[channel] - mean[channel]) ** 2))),
  );
  return {
    mean,
    sigma,
    pixels: kept.length,
    clippedShare: colors.length > 0 ? clipped.length / colors.length : 0,
  };
}

const ofChannels = (value: (channel: 0 | 1 | 2) => number): [number, number, number] => [
  value(0),
  value(1),
  value(2),
];

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of px whose centres lie inside of the quadrilateral. */
function colorsWithin({ widthPx, heightPx, channels, shares }: LinearImage, corners: Corners): Triple[] {
  const colors: Triple[] = [];
  const range = (axis: 0 | 1, size: number): readonly [number, number] => {
    const values = corners.map((corner) => corner[axis]);
    return [Math.max(0, Math.ceil(Math.min(...values))), Math.min(size - 1, Math.floor(Math.max(...values)))];
  };
  const [left, right] = range(0, widthPx);
  const [top, bottom] = range(1, heightPx);
  const step = Math.max(1, Math.ceil(Math.sqrt(((right - left + 1) * (bottom - top + 1)) / mostPixels)));
  for (let y = top; y <= bottom; y += step) {
    for (let x = left; x <= right; x += step) {
      if (!isInside([x, y], corners)) continue;
      const at = (y * widthPx + x) * channels;
      colors.push(ofChannels((channel) => shares[at + Math.min(channel, channels - 1)] as number));
    }
  }
  return colors;
}

/** Of a convex quadrilateral, whichever way round its corners run. */
function isInside([x, y]: Pixel, corners: Corners): boolean {
  const sides = corners.map(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % 4] as Pixel;
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}

function withoutOutliers(colors: readonly Triple[]): readonly Triple[] {
  const of = (channel: 0 | 1 | 2): Float64Array => Float64Array.from(colors, (color) => color[channel]);
  const middles = ofChannels((channel) => median(of(channel)) ?? 0);
  const limits = ofChannels((channel) =>
    Math.max(
      keptSigmas * (madSigma(of(channel), middles[channel]) ?? 0),
      coarseShare * Math.abs(middles[channel]) + coarseLevel,
    ),
  );
  const channels = [0, 1, 2] as const;
  return colors.filter((color) =>
    channels.every((channel) => Math.abs(color[channel] - middles[channel]) <= limits[channel]),
  );
}
