/**
 * From the stored image to the upright one. Un-mirroring (left-right) comes first, then the clockwise
 * turn by `mount.rotationDeg`. Both are one affine map of indices, so that nobody needs a mirrored
 * image in between: upright pixel (u, v) is stored pixel number `origin + u·stepU + v·stepV`.
 */
import type { Mount } from "../schema/rig-config.js";
import type { FrameSize } from "./pixel-layout.js";

export interface Orientation extends FrameSize {
  /** Stored pixel number of the upright image's top-left pixel. */
  readonly origin: number;
  /** Stored pixels per step to the right in the upright image. */
  readonly stepU: number;
  /** Stored pixels per step down in the upright image. */
  readonly stepV: number;
}

/** @param stored size of the stored image; the result's size is that of the upright one. */
export function orientationOf(stored: FrameSize, mount: Mount): Orientation {
  const { widthPx, heightPx } = stored;
  const right = mount.mirrored ? -1 : 1;
  const leftmost = mount.mirrored ? widthPx - 1 : 0;
  const rightmost = widthPx - 1 - leftmost;
  const bottomRow = (heightPx - 1) * widthPx;
  switch (mount.rotationDeg) {
    case 0:
      return { widthPx, heightPx, origin: leftmost, stepU: right, stepV: widthPx };
    case 90:
      return {
        widthPx: heightPx,
        heightPx: widthPx,
        origin: bottomRow + leftmost,
        stepU: -widthPx,
        stepV: right,
      };
    case 180:
      return { widthPx, heightPx, origin: bottomRow + rightmost, stepU: -right, stepV: -widthPx };
    case 270:
      return { widthPx: heightPx, heightPx: widthPx, origin: rightmost, stepU: widthPx, stepV: -right };
  }
}
