/** Decoded light → 8-bit sRGB, the form in which people look at a frame. */
import { srgbLevel } from "../color/srgb.js";
import { decodeReduced, leastBinning } from "./decode-reduced.js";
import type { LinearImage, SampleFrame } from "./raw-frame.js";

/** 8-bit sRGB (or sRGB-encoded gray), upright, channels interleaved. */
export interface PreviewPixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** A preview's pixels at or a little above `longEdgePx`, averaged in linear light. */
export function previewPixels(frame: SampleFrame, longEdgePx: number): PreviewPixels {
  const least = leastBinning(frame);
  const wanted = Math.floor(Math.max(frame.widthPx, frame.heightPx) / longEdgePx);
  return encodeSrgb(decodeReduced(frame, Math.max(least, wanted - (wanted % least))));
}

/**
 * Saturation becomes 255 and nothing else is scaled: frames of one exposure look alike. Camera RGB is
 * shown as if it were sRGB primaries; color is calibrated elsewhere.
 */
export function encodeSrgb({ widthPx, heightPx, channels, shares }: LinearImage): PreviewPixels {
  const bytes = new Uint8Array(new SharedArrayBuffer(shares.length));
  for (let i = 0; i < shares.length; i++) bytes[i] = srgbLevel(shares[i] as number);
  return { widthPx, heightPx, channels, bytes };
}
