/**
 * One resampling from the frame as the camera gave it to a canonical image: demosaic, mount, lens, rotation,
 * scale, crop, flat field and color at once, in linear light, tile by tile on native threads.
 */

/** Where the samples of a frame are, as stored: mosaicked, mirrored and lying as the camera is mounted. */
export interface FrameSource {
  /**
   * Uncompressed samples in a file, read natively, or samples in memory. Those in a SharedArrayBuffer are used where
   * they lie and must not change until the promise settles; others are copied when it is asked.
   */
  readonly samples:
    | { readonly path: string; readonly byteOffset: number; readonly littleEndian: boolean }
    | Uint16Array
    | Uint8Array;
  /** Of a sample in the file; of an array it follows from its type. */
  readonly bitsPerSample: 8 | 16;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Row-major, interleaved. 1 with `cfa`: a mosaic. */
  readonly samplesPerPixel: 1 | 3;
  readonly cfa: "RGGB" | "BGGR" | "GBRG" | "GRBG" | null;
  /** `srgb`: samples are sRGB-encoded (people's pictures) and are made linear. */
  readonly transfer: "linear" | "srgb";
  readonly blackLevel: number;
  readonly whiteLevel: number;
  readonly mount: { readonly rotationDeg: 0 | 90 | 180 | 270; readonly mirrored: boolean };
}

/** From canonical pixel to pixel of the upright, un-mirrored frame. */
export type FrameMap =
  | {
      readonly kind: "camera";
      /** Row-major 3 × 3: direction in the camera = rayOfPixel · (u, v, 1). */
      readonly rayOfPixel: readonly number[];
      /** fx fy cx cy k1 k2 p1 p2 k3. */
      readonly intrinsics: readonly number[];
    }
  | {
      readonly kind: "homography";
      /** Row-major 3 × 3: frame pixel ~ homography · (u, v, 1). */
      readonly homography: readonly number[];
    };

/** 3 × 3: linear. 3 × 6: on r, g, b, √(rg), √(gb), √(rb), negative products taken as 0 (Finlayson 2015). */
export type ColorStep = readonly (readonly number[])[];

export interface ResampleRequest {
  readonly source: FrameSource;
  readonly map: FrameMap;
  readonly widthPx: number;
  readonly heightPx: number;
  /**
   * Gains over the whole upright frame, rows × columns × 3, bilinear between nodes from its first to its last pixel;
   * null: none.
   */
  readonly flat: { readonly columns: number; readonly rows: number; readonly gains: Float32Array } | null;
  /** What is added in the dark beyond the black level, shares; taken off before the flat field. Null: nothing. */
  readonly dark: readonly [number, number, number] | null;
  /** Applied in turn to ((sample - black) / (white - black) - dark) × flat; none for a single channel. */
  readonly color: readonly ColorStep[];
  /** Stored value of 1.0; results are rounded and clamped to 0..65535. */
  readonly white: number;
}

export interface Resampled {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  /** heightPx × widthPx × channels; 0 where not valid. */
  readonly samples: Uint16Array;
  /** heightPx × widthPx: bit 1 valid, bit 2 clipped (schema/alignment.ts, `maskBits`). */
  readonly flags: Uint8Array;
  readonly validPx: number;
  readonly clippedPx: number;
  /** Frame px per canonical px in the middle. */
  readonly sourcePxPerPx: number;
}
