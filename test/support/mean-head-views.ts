/** Virtual heads as the far camera sees them, measured by the truth where the mesh network finds them. */

import type { FaceFinder } from "../../src/faces/face-finder.js";
import type { Pixel } from "../../src/geometry/brown-camera.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import { encodeSrgb } from "../../src/imaging/preview-pixels.js";
import type { TracedRig } from "./traced-rig.js";

export interface HeadSource {
  readonly source: "head" | "ict";
  readonly identity: number;
}

/** One head in its own frame: origin midway between the pupils, x to the right of the image, y down, h to the viewer. */
export interface SeenHead {
  readonly head: HeadSource;
  /** [468] mm: the points of the mesh network; null where the truth has no head there. */
  readonly mesh: readonly (Vector3 | null)[];
  readonly pupilDistanceMm: number;
  /** h of the surface whose image covers that of (x, y, h), mm; NaN out of the frame and where nothing is seen. */
  surfaceBehind(place: Vector3): number;
}

/** Points further behind the eyes are the wall's: the mesh reached beyond the head's contour. */
const deepestPointMm = -110;

/** Neutral and frontal, without noise. @throws when no face is found. */
export async function seenHead(rig: TracedRig, finder: FaceFinder, head: HeadSource): Promise<SeenHead> {
  await rig.scene({ scene: "subject", subject: { ...head, expression: "neutral" } });
  const { truth, arrays } = await rig.truthArrays(["farDepth"]);
  const { widthPx, heightPx, data: signal } = await rig.signal("far");
  const shares = new Float32Array(new SharedArrayBuffer(4 * signal.length));
  shares.set(signal);
  const { bytes: data } = encodeSrgb({ widthPx, heightPx, channels: 3, shares });
  const [face] = await finder.find({ data, widthPx, heightPx });
  const depth = arrays.farDepth?.data;
  if (face === undefined || depth === undefined)
    throw new Error(`no face in ${head.source} ${head.identity}`);
  const { fxPx, fyPx, cxPx, cyPx } = truth.arms.far;
  const eyesMm = truth.canonical.far.aimDepthMm;
  const seenAt = ([x, y]: Pixel, depthMm: number): Vector3 => [
    ((x - cxPx) / fxPx) * depthMm,
    ((y - cyPx) / fyPx) * depthMm,
    eyesMm - depthMm,
  ];
  const [left, right] = face.irisCentres.map(({ x, y }) => seenAt([x, y], eyesMm)) as [Vector3, Vector3];
  const [midX, midY] = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  const depthOver = nearestIn(depth, widthPx, heightPx);
  return {
    head,
    pupilDistanceMm: Math.hypot(right[0] - left[0], right[1] - left[1]),
    mesh: Array.from({ length: face.points468.length / 3 }, (_, i) => {
      const px = [face.points468[3 * i] as number, face.points468[3 * i + 1] as number] as const;
      const [x, y, h] = seenAt(px, depthOver(px));
      return h > deepestPointMm ? [x - midX, y - midY, h] : null;
    }),
    surfaceBehind: ([x, y, h]) => {
      const depthMm = eyesMm - h;
      return eyesMm - depthOver([((x + midX) * fxPx) / depthMm + cxPx, ((y + midY) * fyPx) / depthMm + cyPx]);
    },
  };
}

/** Depth at the nearest pixel: between pixels it is the head's or the wall's, never both's mean. NaN out of the frame. */
function nearestIn(
  plane: Float32Array | Uint8Array,
  widthPx: number,
  heightPx: number,
): (px: Pixel) => number {
  return ([x, y]) => {
    const [column, row] = [Math.round(x), Math.round(y)];
    const isInside = column >= 0 && row >= 0 && column < widthPx && row < heightPx;
    return isInside ? (plane[row * widthPx + column] as number) : Number.NaN;
  };
}
