/** Measures of a stored frame that decide whether a shot is kept. */
import type { FrameQuality } from "../schema/records.js";
import { pixelLayouts } from "./pixel-layout.js";
import type { SampleFrame } from "./raw-frame.js";

/** Below this mean signal (share of black to white) sharpness is 0: there is nothing to be sharp. */
const darkShare = 0.002;

/**
 * `meanShare` and `clippedShare` over every sample; `sharpness` as {@link measureSharpness}. Takes
 * about 10 ms for 5 MP.
 */
export function measureQuality(frame: SampleFrame): FrameQuality {
  const { samples, blackLevel, whiteLevel } = frame;
  let sum = 0;
  let clipped = 0;
  for (let start = 0; start < samples.length; start += sumBlock) {
    const end = Math.min(start + sumBlock, samples.length);
    let blockSum = 0;
    for (let i = start; i < end; i++) {
      const sample = samples[i] as number;
      blockSum += sample;
      if (sample >= whiteLevel) clipped++;
    }
    sum += blockSum;
  }
  return {
    meanShare: (sum / samples.length - blackLevel) / (whiteLevel - blackLevel),
    clippedShare: clipped / samples.length,
    sharpness: measureSharpness(frame),
  };
}

/** Samples per partial sum: 2^14 samples of 16 bits stay below 2^30, the fast integers of V8. */
const sumBlock = 1 << 14;

/**
 * Gradient energy over squared signal, free of noise and of exposure:
 *
 *     sharpness = mean(gx·gx' + gy·gy') / mean(s)²        in px⁻², never below 0
 *
 * with s = sample - black and g = (s[+d] - s[-d]) / 2d the central difference. g and g' are the same
 * gradient measured twice on *disjoint* samples: one px apart across the gradient for mono (d = 1),
 * on the two greens of a cell for a mosaic (d = 2). Noise that is independent from sample to sample
 * averages to zero in the product, whatever its size and however it grows with the signal, so that
 * no noise level has to be known. The squared gradient is the focus measure "GRA2"/Tenengrad of
 * Pertuz, Puig & Garcia, "Analysis of focus measure operators for shape-from-focus", Pattern
 * Recognition 46 (2013); the split product in place of the square is ours. Every second row and
 * column is visited.
 */
export function measureSharpness(frame: SampleFrame): number {
  const { samples, widthPx, heightPx, blackLevel, whiteLevel } = frame;
  const { start, reach, step, row, twinX, twinY } = samplingOf(frame);
  const reachX = reach * step;
  const reachY = reach * row;
  let gradient = 0;
  let signal = 0;
  let count = 0;
  for (let y = 2; y < heightPx - 3; y += 2) {
    let i = start + y * row + 2 * step;
    for (let x = 2; x < widthPx - 3; x += 2, i += 2 * step) {
      const ix = i + twinX;
      const iy = i + twinY;
      gradient +=
        ((samples[i + reachX] as number) - (samples[i - reachX] as number)) *
          ((samples[ix + reachX] as number) - (samples[ix - reachX] as number)) +
        ((samples[i + reachY] as number) - (samples[i - reachY] as number)) *
          ((samples[iy + reachY] as number) - (samples[iy - reachY] as number));
      signal += samples[i] as number;
      count++;
    }
  }
  if (count === 0) return 0;
  const meanSignal = signal / count - blackLevel;
  if (meanSignal < darkShare * (whiteLevel - blackLevel)) return 0;
  return Math.max(0, gradient / count / (2 * reach) ** 2 / meanSignal ** 2);
}

interface Sampling {
  /** Offset of the first sample of the measured color, in samples. */
  readonly start: number;
  /** Distance of the central difference, in px. */
  readonly reach: number;
  /** Samples per px to the right, and per row. */
  readonly step: number;
  readonly row: number;
  /** Offset of the second measurement of the horizontal and of the vertical gradient. */
  readonly twinX: number;
  readonly twinY: number;
}

function samplingOf({ pixelFormat, widthPx }: SampleFrame): Sampling {
  const { cfa, samplesPerPixel: step } = pixelLayouts[pixelFormat];
  const row = widthPx * step;
  if (cfa === null) {
    const green = step === 3 ? 1 : 0;
    return { start: green, reach: 1, step, row, twinX: row, twinY: step };
  }
  // Greens stand at (1,0) and (0,1) of the cell, or at (0,0) and (1,1).
  const onDiagonal = cfa === "GRBG" || cfa === "GBRG";
  const twin = onDiagonal ? row + 1 : row - 1;
  return { start: onDiagonal ? 0 : 1, reach: 2, step, row, twinX: twin, twinY: twin };
}
