/** A pinhole with Brown's five distortion terms, as OpenCV has it. */
import type { Vector3 } from "./vector.js";

/** fx fy cx cy (px) k1 k2 p1 p2 k3. */
export type Intrinsics = readonly [number, number, number, number, number, number, number, number, number];

export type Pixel = readonly [number, number];

/** Where a point before the camera is imaged; null for points that are not before it. */
export function project(intrinsics: Intrinsics, [x, y, z]: Vector3): Pixel | null {
  if (!(z > 0)) return null;
  return imageOf(intrinsics, distort(intrinsics, [x / z, y / z]));
}

/**
 * The direction (x, y, 1) that a pixel sees, by Newton's method.
 * @returns null where the distortion has no inverse.
 */
export function unproject(intrinsics: Intrinsics, [u, v]: Pixel): Vector3 | null {
  const [fx, fy, cx, cy] = intrinsics;
  const wanted: Pixel = [(u - cx) / fx, (v - cy) / fy];
  let [x, y] = wanted;
  for (let step = 0; step < 20; step++) {
    const [dx, dy] = distort(intrinsics, [x, y]);
    const [a, b, c, d] = distortionJacobian(intrinsics, [x, y]);
    const determinant = a * d - b * c;
    if (!(determinant > 0)) return null;
    const [ex, ey] = [wanted[0] - dx, wanted[1] - dy];
    const [sx, sy] = [(d * ex - b * ey) / determinant, (a * ey - c * ex) / determinant];
    x += sx;
    y += sy;
    if (Math.hypot(sx, sy) < 1e-14) return [x, y, 1];
  }
  const [dx, dy] = distort(intrinsics, [x, y]);
  return Math.hypot(dx - wanted[0], dy - wanted[1]) < 1e-10 ? [x, y, 1] : null;
}

/** The same camera seen in a mirror: x → width - 1 - x. */
export function mirrored(intrinsics: Intrinsics, widthPx: number): Intrinsics {
  const [fx, fy, cx, cy, k1, k2, p1, p2, k3] = intrinsics;
  return [fx, fy, widthPx - 1 - cx, cy, k1, k2, p1, -p2, k3];
}

function imageOf([fx, fy, cx, cy]: Intrinsics, [x, y]: Pixel): Pixel {
  return [fx * x + cx, fy * y + cy];
}

function distort([, , , , k1, k2, p1, p2, k3]: Intrinsics, [x, y]: Pixel): Pixel {
  const r2 = x * x + y * y;
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  return [
    x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
    y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
  ];
}

/** ∂x'/∂x, ∂x'/∂y, ∂y'/∂x, ∂y'/∂y. */
function distortionJacobian(
  [, , , , k1, k2, p1, p2, k3]: Intrinsics,
  [x, y]: Pixel,
): readonly [number, number, number, number] {
  const r2 = x * x + y * y;
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const slope = k1 + r2 * (2 * k2 + 3 * k3 * r2);
  const mixed = 2 * x * y * slope + 2 * p1 * x + 2 * p2 * y;
  return [
    radial + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x,
    mixed,
    mixed,
    radial + 2 * y * y * slope + 6 * p1 * y + 2 * p2 * x,
  ];
}
