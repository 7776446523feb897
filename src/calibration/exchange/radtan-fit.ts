/** Kalibr's `radtan` distortion: k1 k2 p1 p2, without OpenCV's k3. */
import { type Intrinsics, project, unproject } from "../../geometry/brown-camera.js";
import { choleskyFactor, choleskySolve } from "../../stats/cholesky.js";
import { imageGrid } from "../geometry/camera/image-grid.js";
import type { PlainCamera } from "./plain-camera.js";

export interface RadtanFit {
  /** The camera's own fx fy cx cy; k3 is 0. */
  readonly intrinsics: Intrinsics;
  /** Distance from where the camera really images a ray, root mean square over the image and greatest. */
  readonly rmsErrorPx: number;
  readonly greatestErrorPx: number;
}

/**
 * The four terms nearest to a camera's five, by least squares in px over its image. The image of a ray is linear
 * in them, so one step solves it. Pixels that the camera's model cannot undistort are left out.
 * @returns null when too few pixels can be undistorted.
 */
export function fitRadtan({ imageSizePx, intrinsics }: PlainCamera): RadtanFit | null {
  const [fx, fy, cx, cy, , , , , k3] = intrinsics;
  if (k3 === 0) return { intrinsics, rmsErrorPx: 0, greatestErrorPx: 0 };
  const { pixels } = imageGrid(imageSizePx);
  const normal = new Float64Array(16);
  const right = new Float64Array(4);
  const rays = [];
  for (let i = 0; i < pixels.length; i += 2) {
    const [u, v] = [pixels[i] as number, pixels[i + 1] as number];
    const ray = unproject(intrinsics, [u, v]);
    if (ray === null) continue;
    rays.push({ ray, u, v });
    const [x, y] = ray;
    const r2 = x * x + y * y;
    accumulate(normal, right, [x * r2, x * r2 * r2, 2 * x * y, r2 + 2 * x * x], (u - cx) / fx - x, fx);
    accumulate(normal, right, [y * r2, y * r2 * r2, r2 + 2 * y * y, 2 * x * y], (v - cy) / fy - y, fy);
  }
  const factor = choleskyFactor(normal, 4);
  if (factor === null) return null;
  const [k1, k2, p1, p2] = choleskySolve(factor, right) as unknown as [number, number, number, number];
  const fitted: Intrinsics = [fx, fy, cx, cy, k1, k2, p1, p2, 0];
  const errors = rays.map(({ ray, u, v }) => {
    const [fittedU, fittedV] = project(fitted, ray) ?? [Number.NaN, Number.NaN];
    return Math.hypot(fittedU - u, fittedV - v);
  });
  const rmsErrorPx = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
  return { intrinsics: fitted, rmsErrorPx, greatestErrorPx: Math.max(...errors) };
}

/** Adds one equation row · terms = wanted, in units of 1 / `focalPx`. */
function accumulate(
  normal: Float64Array,
  right: Float64Array,
  row: readonly [number, number, number, number],
  wanted: number,
  focalPx: number,
): void {
  const weight = focalPx * focalPx;
  for (const [i, left] of row.entries()) {
    right[i] = (right[i] as number) + weight * left * wanted;
    for (const [j, other] of row.entries()) {
      normal[i * 4 + j] = (normal[i * 4 + j] as number) + weight * left * other;
    }
  }
}
