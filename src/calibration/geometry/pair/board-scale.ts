/** Magnification of a board. */
import type { Pixel } from "../../../geometry/brown-camera.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { SeenCorners } from "./board-pose.js";
import { fitHomography } from "./plane-homography.js";

/** Image px per mm in the board's middle, of the direction that is not foreshortened; null for corners on a line. */
export function pxPerMmOf({ ids, pointsPx }: SeenCorners, cornersMm: readonly Vector3[]): number | null {
  const from = Array.from(ids, (id): Pixel => {
    const [x, y] = cornersMm[id] as Vector3;
    return [x, y];
  });
  const to = from.map((_, i): Pixel => [pointsPx[2 * i] as number, pointsPx[2 * i + 1] as number]);
  const h = fitHomography(from, to);
  if (h === null) return null;
  const mean = (k: 0 | 1): number => from.reduce((sum, point) => sum + point[k], 0) / from.length;
  const [x, y] = [mean(0), mean(1)];
  const [p, q, w] = h.map(([a, b, c]) => a * x + b * y + c) as [number, number, number];
  const slope = (row: 0 | 1, column: 0 | 1): number =>
    (h[row][column] - ((row === 0 ? p : q) / w) * h[2][column]) / w;
  const [a, b, c, d] = [slope(0, 0), slope(0, 1), slope(1, 0), slope(1, 1)];
  // The larger singular value of the 2 × 2 Jacobian.
  const half = (a * a + b * b + c * c + d * d) / 2;
  return Math.sqrt(half + Math.sqrt(Math.max(0, half * half - (a * d - b * c) ** 2)));
}
