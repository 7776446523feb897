/** The frame types of the imaging module, from the camera's payload to the linear image. */
import type { PixelFormat } from "../schema/pixel-format.js";
import type { Mount, RigConfig } from "../schema/rig-config.js";

/** Corners of the LED counter in the upright, un-mirrored image, as shares of its width and height. */
export type LedCorners = NonNullable<RigConfig["ledCounter"]>["near"];

/** What the samples of one camera mean; the same for every frame of a session. */
export interface SampleMeaning {
  readonly pixelFormat: PixelFormat;
  /** Significant bits of a sample, least-significant-bit aligned; 8 to 16. */
  readonly bitDepth: number;
  /** Mean sample value in the dark. */
  readonly blackLevel: number;
  /** Sample value at which the sensor saturates. */
  readonly whiteLevel: number;
  readonly mount: Mount;
}

/** A frame as the camera sent it. Width and height are those of the payload, before any rotation. */
export interface RawFrame extends SampleMeaning {
  readonly payload: Uint8Array<SharedArrayBuffer>;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * A frame as it is stored: uint16 samples, least-significant-bit aligned, row-major, channels
 * interleaved; still mosaicked, still mirrored, still lying as the camera is mounted.
 */
export interface SampleFrame extends SampleMeaning {
  /** heightPx × widthPx × 1, or × 3 (R, G, B) for `RGB8`. */
  readonly samples: Uint16Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * A decoded frame: upright and un-mirrored, linear in scene light. Never mirrored, never a mosaic.
 * A share is (sample - black) / (white - black): 0 is dark, 1 saturates; noise makes shares below 0.
 */
export interface LinearImage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1: mono. 3: R, G, B of the camera, interleaved, without white balance. */
  readonly channels: 1 | 3;
  /** heightPx × widthPx × channels, row-major. */
  readonly shares: Float32Array<SharedArrayBuffer>;
}
