/**
 * Stored frame → linear, upright, un-mirrored image. A mirrored image exists nowhere after this.
 *
 * The order matters. Demosaicing comes before un-mirroring, because flipping a mosaic moves its
 * colors to other places of the cell. Un-mirroring (left-right) comes before rotation;
 * `mount.rotationDeg` is the clockwise turn that then makes the image upright. The black level is
 * subtracted last, which gives the same numbers as first: demosaicing forms averages with weights that
 * sum to 1 and picks its direction from differences, and shares below 0 are kept so that dark
 * regions stay unbiased.
 */
import { setImmediate } from "node:timers/promises";
import { demosaic } from "./demosaic.js";
import { type StoredPicture, UprightPass } from "./linear.js";
import { pixelLayouts } from "./pixel-layout.js";
import type { LinearImage, SampleFrame } from "./raw-frame.js";

/** Samples turned upright before other work gets a chance: about 2 ms. */
const sliceSamples = 250_000;

/**
 * Decodes at full size, in slices, without blocking the event loop over a few ms. Mosaics are
 * demosaiced by OpenCV on a thread of libuv's pool; the first one also loads OpenCV, which blocks for
 * a quarter of a second. 5 MP take about 20 ms (mono) to 100 ms (mosaic).
 * @throws WorldError BACKEND_MISSING for a mosaic when OpenCV cannot be loaded.
 */
export async function decodeFrame(frame: SampleFrame, signal?: AbortSignal): Promise<LinearImage> {
  signal?.throwIfAborted();
  const pass = new UprightPass(await fullColorPicture(frame), frame);
  const { widthPx, heightPx, channels } = pass.image;
  const sliceRows = Math.max(1, Math.floor(sliceSamples / (widthPx * channels)));
  for (let row = 0; row < heightPx; row += sliceRows) {
    pass.fillRows(row, Math.min(row + sliceRows, heightPx));
    await setImmediate(undefined, { signal });
  }
  return pass.image;
}

async function fullColorPicture(frame: SampleFrame): Promise<StoredPicture> {
  const { samples, widthPx, heightPx } = frame;
  const { cfa, samplesPerPixel } = pixelLayouts[frame.pixelFormat];
  if (cfa === null) return { widthPx, heightPx, channels: samplesPerPixel, values: samples };
  return { widthPx, heightPx, channels: 3, values: await demosaic(samples, frame, cfa) };
}
