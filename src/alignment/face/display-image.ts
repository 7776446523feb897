/** A linear image as the face networks want it: 8-bit sRGB, lit as in a photograph. */
import { srgbOfRec2020 } from "../../color/rec2020.js";
import { srgbOfLight } from "../../color/srgb.js";
import type { FaceImage } from "../../faces/face.js";
import type { ReducedImage } from "./reduced-image.js";

/** Steps of the table from light to signal: neighbours differ by less than one 8-bit level. */
const tableSteps = 4096;
const signalTable = Uint8Array.from({ length: tableSteps + 1 }, (_, step) =>
  Math.round(255 * srgbOfLight(step / tableSteps)),
);

function signalOf(light: number): number {
  const step = Math.round(light * tableSteps);
  return signalTable[Math.min(Math.max(step, 0), tableSteps)] as number;
}

/** @param rec2020 whether the colors are linear Rec.2020; a camera's own colors are shown as if they were sRGB. */
export function displayImage(image: ReducedImage, gain: number, rec2020: boolean): FaceImage {
  const { values, widthPx, heightPx, channels } = image;
  const data = new Uint8Array(values.length);
  if (channels === 1 || !rec2020) {
    for (let i = 0; i < values.length; i++) data[i] = signalOf(gain * (values[i] as number));
    return { data, widthPx, heightPx };
  }
  for (const [channel, [ofRed, ofGreen, ofBlue]] of srgbOfRec2020.entries()) {
    for (let i = 0; i < values.length; i += 3) {
      const [r, g, b] = [values[i] as number, values[i + 1] as number, values[i + 2] as number];
      data[i + channel] = signalOf(gain * (ofRed * r + ofGreen * g + ofBlue * b));
    }
  }
  return { data, widthPx, heightPx };
}

/** Light that a face is shown at, and bounds of the gain that may bring it there. */
const shownLight = 0.25;
const leastGain = 0.1;
const mostGain = 20;

/**
 * Gains to try one after the other until a face is found. The first brings the middle third of the image, where
 * the face is, to a mid tone by its median; the second shows the brighter parts of it so, for dark hair or clothes in
 * the middle; the last two lift and lower the first by two stops, for skin that differs much from all around it.
 */
export function gainsToTry(image: ReducedImage): number[] {
  const { widthPx, heightPx, channels, values, validShare } = image;
  const greens: number[] = [];
  for (let y = Math.floor(heightPx / 3); y < (2 * heightPx) / 3; y++)
    for (let x = Math.floor(widthPx / 3); x < (2 * widthPx) / 3; x++) {
      const i = y * widthPx + x;
      if ((validShare[i] as number) > 0)
        greens.push(values[i * channels + (channels === 3 ? 1 : 0)] as number);
    }
  if (greens.length === 0) return [];
  const sorted = Float64Array.from(greens).sort();
  const gainFor = (quantile: number): number =>
    shownLight / Math.max(sorted[Math.floor(quantile * (sorted.length - 1))] as number, 1e-6);
  const bounded = (gain: number): number => Math.min(Math.max(gain, leastGain), mostGain);
  const first = gainFor(0.5);
  return [first, gainFor(0.9), 4 * first, first / 4].map(bounded);
}
