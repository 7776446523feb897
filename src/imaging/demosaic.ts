/** Full color from a mosaic, by OpenCV. */
import { loadOpenCv, type OpenCv } from "../native/opencv.js";
import type { CfaPattern, FrameSize } from "./pixel-layout.js";

/**
 * OpenCV names a pattern by the second row's second and third sample, PFNC by the first row's first
 * two: RGGB is OpenCV's "BayerBG".
 */
const conversions: Readonly<Record<CfaPattern, keyof OpenCv & `COLOR_${string}`>> = {
  RGGB: "COLOR_BayerBG2RGB_EA",
  BGGR: "COLOR_BayerRG2RGB_EA",
  GBRG: "COLOR_BayerGR2RGB_EA",
  GRBG: "COLOR_BayerGB2RGB_EA",
};

/**
 * Edge-aware demosaicing at 16 bit: green is interpolated along the weaker gradient. The outermost
 * px repeat their neighbours.
 * @param samples heightPx × widthPx, in any sample units, stored order (not flipped, not turned).
 * @returns heightPx × widthPx × 3 (R, G, B), same units.
 * @throws WorldError BACKEND_MISSING when OpenCV is not there, or off the main thread.
 */
export async function demosaic(
  samples: Uint16Array,
  { widthPx, heightPx }: FrameSize,
  cfa: CfaPattern,
): Promise<Uint16Array> {
  const cv = loadOpenCv();
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const mosaic = new cv.Mat(bytes, heightPx, widthPx, cv.CV_16UC1);
  try {
    const color = await mosaic.cvtColorAsync(cv[conversions[cfa]]);
    try {
      const data = await color.getDataAsync();
      return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    } finally {
      color.release();
    }
  } finally {
    mosaic.release();
  }
}
