/** Which arm's image of the face is sharper, and by how much. */
import type { Resampled } from "../../native/resample.js";
import { maskBits } from "../../schema/alignment.js";

/** Reach of the second difference, px of the canonical image: 0.6 mm of the usual ones, the finest that skin shows. */
const reachPx = 2;
/** Frame px over which demosaicing and the resampling kernel spread one sample's noise. */
const noiseReachPx = 4;
/** Every third pixel either way. */
const step = 3;
const fewestPixels = 200;

/**
 * Near over far: ratio of the rms second differences, relative to the mean signal, over the face in each image, free
 * of noise. As in `measureSharpness` of the imaging module, each square is the product of two measurements that noise
 * does not join; here they lie as far apart, across the difference, as the resampling spreads a sample's noise.
 * Second differences, for they fall with an edge's width to the power 1.5; gradients hardly feel a blur.
 * @param inFace for each image: 1 on the face.
 * @returns null when a face is too small or shows no structure above its noise.
 */
export function sharpnessRatio(
  near: Resampled,
  far: Resampled,
  inFace: { readonly near: Uint8Array; readonly far: Uint8Array },
): number | null {
  const scale = Math.min(near.sourcePxPerPx, far.sourcePxPerPx);
  const twinPx = Math.max(1, Math.min(12, Math.ceil(noiseReachPx / scale)));
  const ofNear = relativeDetail(near, inFace.near, twinPx);
  const ofFar = relativeDetail(far, inFace.far, twinPx);
  return ofNear === null || ofFar === null ? null : ofNear / ofFar;
}

function relativeDetail(image: Resampled, inFace: Uint8Array, twinPx: number): number | null {
  const { widthPx, heightPx, channels, samples, flags } = image;
  const green = channels === 3 ? 1 : 0;
  const at = (i: number): number => samples[i * channels + green] as number;
  const bend = (i: number, by: number): number => at(i - by) - 2 * at(i) + at(i + by);
  const margin = twinPx + reachPx;
  let [energy, signal, count] = [0, 0, 0];
  for (let y = 0; y < heightPx - margin; y += step) {
    for (let x = 0; x < widthPx - margin; x += step) {
      const i = y * widthPx + x;
      if (inFace[i] !== 1 || flags[i] !== maskBits.valid) continue;
      const [right, below] = [i + twinPx, i + twinPx * widthPx];
      if (inFace[right] !== 1 || inFace[below] !== 1 || x < reachPx || y < reachPx) continue;
      const [dx, dy] = [reachPx, reachPx * widthPx];
      energy += bend(i, dx) * bend(below, dx) + bend(i, dy) * bend(right, dy);
      signal += at(i);
      count += 1;
    }
  }
  if (count < fewestPixels || !(energy > 0) || signal === 0) return null;
  return Math.sqrt(energy / count) / (signal / count);
}
