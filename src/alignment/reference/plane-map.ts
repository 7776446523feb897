/** Mappings of planes by row-major 3 × 3 matrices. */
import type { Pixel } from "../../geometry/brown-camera.js";
import { choleskyFactor, choleskySolve } from "../../stats/cholesky.js";

/** Row-major 3 × 3: (x, y, 1) of one plane to those of another, up to scale. */
export type PlaneMap = readonly number[];

export const identityMap: PlaneMap = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** First `first`, then `then`. */
export function chained(first: PlaneMap, then: PlaneMap): PlaneMap {
  const at = (row: number, column: number): number =>
    [0, 1, 2].reduce((sum, k) => sum + (then[3 * row + k] as number) * (first[3 * k + column] as number), 0);
  return [0, 1, 2].flatMap((row) => [at(row, 0), at(row, 1), at(row, 2)]);
}

/** Takes `from` to `to`, scaling about them. */
export function scaledAbout(scale: number, [fromX, fromY]: Pixel, [toX, toY]: Pixel): PlaneMap {
  return [scale, 0, toX - scale * fromX, 0, scale, toY - scale * fromY, 0, 0, 1];
}

/** The middle pixel place of an image. */
export function middleOf({
  widthPx,
  heightPx,
}: {
  readonly widthPx: number;
  readonly heightPx: number;
}): Pixel {
  return [(widthPx - 1) / 2, (heightPx - 1) / 2];
}

/**
 * The affine map that takes points to others best, by least squares.
 * @returns null for fewer than three points or points in a line.
 */
export function affineOf(from: readonly Pixel[], to: readonly Pixel[]): PlaneMap | null {
  if (from.length < 3) return null;
  const mean = (index: 0 | 1): number => from.reduce((sum, point) => sum + point[index], 0) / from.length;
  const [middleX, middleY] = [mean(0), mean(1)];
  const rows = from.map(([x, y]) => [x - middleX, y - middleY, 1]);
  const normal = Float64Array.from({ length: 9 }, (_, i) =>
    rows.reduce((sum, row) => sum + (row[Math.floor(i / 3)] as number) * (row[i % 3] as number), 0),
  );
  const factor = choleskyFactor(normal, 3);
  if (factor === null) return null;
  const solved = [0, 1].map((index) => {
    const right = [0, 1, 2].map((i) =>
      rows.reduce((sum, row, k) => sum + (row[i] as number) * (to[k]?.[index] as number), 0),
    );
    return choleskySolve(factor, right);
  });
  return [...solved.flatMap(([a = 0, b = 0, c = 0]) => [a, b, c - a * middleX - b * middleY]), 0, 0, 1];
}
