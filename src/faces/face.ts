/**
 * What the face finder takes and gives. Coordinates are image px with pixel centres at integers;
 * "left" and "right" are sides of the upright image, not of the person.
 */

/** sRGB-encoded samples, as the networks were trained on, row by row without padding. */
export interface FaceImage {
  /** Interleaved R, G, B (length 3 · width · height) or gray (length width · height). */
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Edges of an upright rectangle, px; may reach beyond the image. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What the iris network finds in one eye. */
export interface Eye {
  /** Centre, then four points on the edge: [5][x, y]. */
  readonly iris: Float32Array;
  /** Points on eyelids and brow: [71][x, y]. */
  readonly contour: Float32Array;
}

export interface Face {
  /** The detector's probability that this is a face, 0..1. */
  readonly score: number;
  /** The mesh network's probability that its crop shows a face, 0..1. */
  readonly meshScore: number;
  /** The smallest box around the mesh. */
  readonly box: Box;
  /** MediaPipe's 468 mesh points: [468][x, y, z]; z in px, smaller is nearer, zero near the head's centre. */
  readonly points468: Float32Array;
  /** The 68 points of iBUG 300-W picked from the mesh (`landmarks68.ts`): [68][x, y]. */
  readonly landmarks68: Float32Array;
  readonly eyes: readonly [left: Eye, right: Eye];
  readonly irisCentres: readonly [left: Point, right: Point];
  /** Turn of the line between the outer eye corners in the image plane, radians, positive clockwise. */
  readonly angleRad: number;
}
