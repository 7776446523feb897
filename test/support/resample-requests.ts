/** Requests to resample frames of known scenes. */

import type { Pixel } from "../../src/geometry/brown-camera.js";
import { type Intrinsics, project } from "../../src/geometry/brown-camera.js";
import { type Quaternion, quaternionOfVector, rotationMatrix } from "../../src/geometry/rigid.js";
import { dot, type Vector3 } from "../../src/geometry/vector.js";
import { pixelLayouts } from "../../src/imaging/pixel-layout.js";
import type { SampleFrame } from "../../src/imaging/raw-frame.js";
import type { FrameMap, FrameSource, ResampleRequest } from "../../src/native/resample.js";

/** The frame in memory as capture would have stored it. */
export function sourceOf(frame: SampleFrame): FrameSource {
  const { samples, widthPx, heightPx, pixelFormat, blackLevel, whiteLevel, mount } = frame;
  const { cfa, samplesPerPixel } = pixelLayouts[pixelFormat];
  const levels = { blackLevel, whiteLevel, mount, transfer: "linear" } as const;
  return { samples, bitsPerSample: 16, widthPx, heightPx, samplesPerPixel, cfa, ...levels };
}

export function shiftBy(dx: number, dy: number, scale = 1): FrameMap {
  return { kind: "homography", homography: [scale, 0, dx, 0, scale, dy, 0, 0, 1] };
}

/** Nothing but the resampling. */
export function plainRequest(
  source: FrameSource,
  map: FrameMap,
  size: { readonly widthPx: number; readonly heightPx: number },
  changes: Partial<ResampleRequest> = {},
): ResampleRequest {
  const { widthPx, heightPx } = size;
  return { source, map, widthPx, heightPx, flat: null, dark: null, color: [], white: 32768, ...changes };
}

/** A turned camera with a lens, and where it sees a canonical pixel, computed the long way. */
export function lensView(
  intrinsics: Intrinsics,
  turn: Vector3,
  canonical: { readonly focalPx: number; readonly principalPx: Pixel },
): { readonly map: FrameMap; readonly place: (u: number, v: number) => Pixel } {
  const rotation: Quaternion = quaternionOfVector(turn);
  const rows = rotationMatrix(rotation);
  const { focalPx, principalPx } = canonical;
  const [cx, cy] = principalPx;
  const rayOfPixel = rows.flatMap(([a, b, c]) => [a / focalPx, b / focalPx, c - (a * cx + b * cy) / focalPx]);
  const place = (u: number, v: number): Pixel => {
    const ray: Vector3 = [(u - cx) / focalPx, (v - cy) / focalPx, 1];
    const turned: Vector3 = [dot(rows[0], ray), dot(rows[1], ray), dot(rows[2], ray)];
    return project(intrinsics, turned) ?? [Number.NaN, Number.NaN];
  };
  return { map: { kind: "camera", rayOfPixel, intrinsics }, place };
}
