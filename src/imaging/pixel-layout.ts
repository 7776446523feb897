/** How the samples of each pixel format lie in the payload and on the sensor. */
import type { PixelFormat } from "../schema/pixel-format.js";

/** Colors of the 2 × 2 cell at the top left of the *stored* image, row-major (PFNC's spelling). */
export type CfaPattern = "RGGB" | "BGGR" | "GBRG" | "GRBG";

export interface PixelLayout {
  /** Bits that one sample takes in the payload. 16: little-endian words, 12: PFNC's `p` packing. */
  readonly containerBits: 8 | 12 | 16;
  readonly samplesPerPixel: 1 | 3;
  /** null: every sample sees the same color (mono), or all three (RGB). */
  readonly cfa: CfaPattern | null;
}

const mono = (containerBits: 8 | 12 | 16): PixelLayout => ({ containerBits, samplesPerPixel: 1, cfa: null });
const mosaic = (cfa: CfaPattern, containerBits: 8 | 16): PixelLayout => ({
  containerBits,
  samplesPerPixel: 1,
  cfa,
});

/**
 * GenICam Pixel Format Naming Convention 2.x: unpacked 12-bit formats stand in the low bits of 16-bit
 * little-endian words.
 */
export const pixelLayouts: Readonly<Record<PixelFormat, PixelLayout>> = {
  Mono8: mono(8),
  Mono12: mono(16),
  Mono12p: mono(12),
  Mono16: mono(16),
  BayerRG8: mosaic("RGGB", 8),
  BayerRG12: mosaic("RGGB", 16),
  BayerRG16: mosaic("RGGB", 16),
  BayerBG8: mosaic("BGGR", 8),
  BayerBG12: mosaic("BGGR", 16),
  BayerBG16: mosaic("BGGR", 16),
  BayerGB8: mosaic("GBRG", 8),
  BayerGB12: mosaic("GBRG", 16),
  BayerGB16: mosaic("GBRG", 16),
  BayerGR8: mosaic("GRBG", 8),
  BayerGR12: mosaic("GRBG", 16),
  BayerGR16: mosaic("GRBG", 16),
  RGB8: { containerBits: 8, samplesPerPixel: 3, cfa: null },
};

export interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export function sampleCount(pixelFormat: PixelFormat, { widthPx, heightPx }: FrameSize): number {
  return widthPx * heightPx * pixelLayouts[pixelFormat].samplesPerPixel;
}

/** Length of a payload in bytes. PFNC packs without padding at the end of a row. */
export function payloadBytes(pixelFormat: PixelFormat, size: FrameSize): number {
  return Math.ceil((sampleCount(pixelFormat, size) * pixelLayouts[pixelFormat].containerBits) / 8);
}
