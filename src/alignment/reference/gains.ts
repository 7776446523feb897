/** How much brighter one arm is than the other, channel by channel. */
import type { Resampled } from "../../native/resample.js";
import { maskBits } from "../../schema/alignment.js";
import { median } from "../../stats/median.js";

export type Gains = readonly [number, number, number];

/** Every so many px in both directions: there are far more than a gain needs. */
const stridePx = 2;
const rounds = 5;
/** Below this share of white noise and black level rule. */
const leastShare = 0.02;

/**
 * Gains that take the near image's color to the far one's, where both show the same; pixels that do not fit
 * (highlights, what moved) hardly count (Tukey's weights).
 * @returns null when an arm has no color, or too little is shared.
 */
export function nearToFarGains(near: Resampled, far: Resampled, white: number): Gains | null {
  if (near.channels !== 3 || far.channels !== 3) return null;
  const gains = [0, 1, 2].map((channel) =>
    robustGain(...sharedSamples(near, far, channel, leastShare * white)),
  );
  const [red, green, blue] = gains;
  return red && green && blue ? [red, green, blue] : null;
}

function sharedSamples(
  near: Resampled,
  far: Resampled,
  channel: number,
  least: number,
): [near: number[], far: number[]] {
  const shared: [number[], number[]] = [[], []];
  for (let y = 0; y < near.heightPx; y += stridePx) {
    for (let x = 0; x < near.widthPx; x += stridePx) {
      const pixel = y * near.widthPx + x;
      if (near.flags[pixel] !== maskBits.valid || far.flags[pixel] !== maskBits.valid) continue;
      const [a, b] = [
        near.samples[3 * pixel + channel] as number,
        far.samples[3 * pixel + channel] as number,
      ];
      if (a < least || b < least) continue;
      shared[0].push(a);
      shared[1].push(b);
    }
  }
  return shared;
}

/** Slope through the origin; null for fewer than 1000 samples. */
function robustGain(near: readonly number[], far: readonly number[]): number | null {
  if (near.length < 1000) return null;
  let gain = median(near.map((value, i) => (far[i] as number) / value)) as number;
  for (let round = 0; round < rounds; round++) {
    const residuals = near.map((value, i) => (far[i] as number) - gain * value);
    const reach = 4.685 * 1.4826 * (median(residuals.map(Math.abs)) as number) + 1e-9;
    let [across, along] = [0, 0];
    residuals.forEach((residual, i) => {
      const weight = Math.max(0, 1 - (residual / reach) ** 2) ** 2;
      const value = near[i] as number;
      across += weight * value * (far[i] as number);
      along += weight * value * value;
    });
    gain = across / along;
  }
  return gain;
}
