/**
 * Unconstrained 2-D correspondences on a grid of the near canonical image, started at the radial match: what
 * leaves the radial direction is rig and sync error.
 */
import type { RadialMatchRequest } from "./radial-match.js";

export interface SparseFlowRequest extends RadialMatchRequest {
  /** h of the near view, sizePx × sizePx; NaN: no node there (not known, or not seen by the far camera). */
  readonly depthMap: Float32Array;
  /** Distance of the nodes, px. */
  readonly stepPx: number;
  /** Side of the square window that is matched, px; odd. */
  readonly windowPx: number;
}

/** Arrays run alongside each other, one entry a node that converged. */
export interface SparseFlow {
  /** [node][x, y], near canonical px. */
  readonly nearPx: Float64Array;
  /** [node][x, y], far canonical px, free in both directions. */
  readonly farPx: Float64Array;
  /**
   * [node][xx, xy, yy], px²: covariance of farPx from the noise, which the matched windows of the pair tell, and the
   * gradients that both images share; larger where a window leaves more than noise.
   */
  readonly covariance: Float64Array;
  /** h of the node, mm. */
  readonly depthMm: Float64Array;
  /** rms of what the window leaves after the match, over what windows as bright leave in the middle. */
  readonly misfit: Float64Array;
  /** rms contrast that both images share, beside slow changes of brightness, over the window's mean. */
  readonly texture: Float64Array;
}
