/** Where two pictures of something flat show the same, by their intensities. */

/** A linear single-channel picture. */
export interface PlaneImage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** heightPx × widthPx. */
  readonly samples: Float32Array;
  /** heightPx × widthPx; not 0: valid. */
  readonly valid: Uint8Array;
}

export interface AlignPlanesRequest {
  readonly fixed: PlaneImage;
  readonly moving: PlaneImage;
  /** Row-major 3 × 3, moving px ~ start · fixed px, good to a hundredth of the picture. */
  readonly start: readonly number[];
  /** The start may be wrong by a quarter of the picture and a factor of √2. */
  readonly search: boolean;
}

export type PlaneAlignment =
  | {
      /** Row-major 3 × 3: moving px ~ homography · fixed px; its last element is 1. */
      readonly homography: readonly number[];
      /** Of both pictures where they overlap, pixels that do not fit left out; 1 is perfect. */
      readonly correlation: number;
      /** Share of the fixed picture. */
      readonly overlap: number;
      /** How far the last of the steps towards it went, px. */
      readonly lastStepPx: number;
      readonly message: null;
    }
  /** The pictures do not tell, and why. */
  | { readonly homography: null; readonly message: string };
