/**
 * Dense correspondence of a canonical pair, by search along the radius about the epipole: depth, its sigma and
 * occlusion, from both sides.
 *
 * With h the depth of a point towards the cameras from the eye plane and d = p - epipole, a near pixel p of depth h
 * is seen by the far camera at q = epipole + (d - δ) · (1 - h/zn) / (1 - h/zf), where δ(p, h) is what the near
 * image is displaced by rig errors (geometry/rig-residual.ts); 0 when the rig is as calibrated.
 */

/** geometry/rig-residual.ts; all 0 when the rig is as calibrated. */
export interface NearRigErrors {
  readonly offsetXMm: number;
  readonly offsetYMm: number;
  readonly rollRad: number;
  readonly shiftXPx: number;
  readonly shiftYPx: number;
}

/** Canonical image, linear; any scale. */
export interface MatchImage {
  /** sizePx × sizePx × channels. */
  readonly samples: Uint16Array;
  readonly channels: 1 | 3;
  /** sizePx × sizePx; bit 1: valid, bit 2: clipped. */
  readonly flags: Uint8Array;
}

export interface RadialMatchRequest {
  readonly near: MatchImage;
  readonly far: MatchImage;
  readonly sizePx: number;
  readonly pxPerMm: number;
  readonly epipolePx: readonly [number, number];
  /** Pupils to eye plane, mm. */
  readonly nearDepthMm: number;
  readonly farDepthMm: number;
  /** h that is searched, from and to, mm; -160 to 80 holds a head. */
  readonly depthRangeMm: readonly [number, number];
  readonly rigErrors: NearRigErrors;
}

/** One view's side of the match. All sizePx × sizePx. */
export interface DepthView {
  /** h, mm towards the cameras; NaN where nothing was measured. */
  readonly depthMm: Float32Array;
  /** One standard deviation of the matched place in the *other* image along the radius, px; NaN likewise. */
  readonly sigmaPx: Float32Array;
  /** One standard deviation of h; may be large near the epipole, where depth does not show. */
  readonly depthSigmaMm: Float32Array;
  /** [y][x][dx, dy]: where this pixel lies in the other image, less its own place, px; NaN likewise. */
  readonly flow: Float32Array;
  /** 0: the other pupil does not see this point (or it lies outside the other image). 1: it does. 2: not known. */
  readonly visible: Uint8Array;
}

export interface RadialMatch {
  readonly near: DepthView;
  readonly far: DepthView;
}

/** Joins measured depth with a prior by inverse variance, pixel by pixel of one view. */
export interface FuseRequest extends Omit<RadialMatchRequest, "near" | "far" | "depthRangeMm"> {
  readonly arm: "near" | "far";
  readonly depthMm: Float32Array;
  readonly depthSigmaMm: Float32Array;
  /** Over the whole image, bilinear between the centres of its cells; NaN: nothing known there. */
  readonly prior: {
    readonly columns: number;
    readonly rows: number;
    readonly depthMm: Float32Array;
    readonly sigmaMm: Float32Array;
  };
}

/** As the members of the same name in {@link DepthView}. */
export type FusedView = Pick<DepthView, "depthMm" | "depthSigmaMm" | "sigmaPx" | "flow">;
