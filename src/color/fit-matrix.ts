import { fitColorMap } from "./color-map.js";
import type { Triple } from "./lab.js";
import type { Matrix } from "./matrix.js";

/**
 * The 3×3 matrix m, by rows, that minimises Σ |to - m · from|² over paired colors.
 * @returns null when `from` spans fewer than three dimensions.
 */
export function fitMatrix(from: readonly Triple[], to: readonly Triple[]): Matrix | null {
  const map = fitColorMap("matrix", from, to);
  return map === null ? null : (map.rows as unknown as Matrix);
}
