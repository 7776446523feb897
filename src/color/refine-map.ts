import { type ColorMap, mapColor } from "./color-map.js";
import { deltaE00 } from "./delta-e.js";
import { downhillSimplex } from "./downhill-simplex.js";
import type { Triple } from "./lab.js";

/** As OpenCV's color correction model has them. */
const search = { step: 1, tolerance: 1e-4, greatestEvaluations: 5000 };

/**
 * The map that minimises Σ ΔE00², which weighs dark colors as the eye does and linear light does not. ΔE00 has jumps
 * where hues are opposite, so the search is a downhill simplex; the minimum is flat, and entries of a matrix are known
 * to about 0.1 %.
 * @param start where the search begins: least squares in linear light.
 * @param from camera colors.
 * @param wanted CIE L*a*b* of each.
 * @param labOf L*a*b* of a mapped color, under the same white.
 */
export function refineColorMap(
  start: ColorMap,
  from: readonly Triple[],
  wanted: readonly Triple[],
  labOf: (mapped: Triple) => Triple,
): ColorMap {
  const mapOf = (entries: readonly number[]): ColorMap => ({
    method: start.method,
    rows: [0, 1, 2].map((channel) => entries.filter((_, i) => i % 3 === channel)),
  });
  const lossAt = (entries: readonly number[]): number => {
    const map = mapOf(entries);
    return from.reduce(
      (sum, color, i) => sum + deltaE00(labOf(mapColor(map, color)), wanted[i] as Triple) ** 2,
      0,
    );
  };
  const [r = [], g = [], b = []] = start.rows;
  const entries = r.flatMap((value, term) => [value, g[term] as number, b[term] as number]);
  return mapOf(downhillSimplex(lossAt, entries, search));
}
