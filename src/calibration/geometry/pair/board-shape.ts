/** How boards depart from their definitions. */
import { add, type Vector3 } from "../../../geometry/vector.js";

/**
 * Where a board's corners lie.
 * @param warpMm bend across and down; null: flat.
 * @param shapeMm what each corner is off by besides; null: nothing.
 */
export function foundCorners(
  cornersMm: readonly Vector3[],
  warpMm: readonly [number, number] | null,
  shapeMm: readonly Vector3[] | null,
): readonly Vector3[] {
  const bent = warpMm ? warped(cornersMm, warpMm) : cornersMm;
  return shapeMm ? bent.map((corner, id) => add(corner, shapeMm[id] as Vector3)) : bent;
}

/** z += a(1 - x²) + b(1 - y²) with x and y from -1 to 1 over the corners. */
export function warped(cornersMm: readonly Vector3[], [a, b]: readonly [number, number]): Vector3[] {
  const scaled = (k: 0 | 1): ((value: number) => number) => {
    const values = cornersMm.map((corner) => corner[k]);
    const [from, to] = [Math.min(...values), Math.max(...values)];
    return (value) => (2 * value - from - to) / (to - from);
  };
  const [u, v] = [scaled(0), scaled(1)];
  return cornersMm.map(([x, y, z]) => [x, y, z + a * (1 - u(x) ** 2) + b * (1 - v(y) ** 2)]);
}
