import type { ChartSighting } from "../../schema/calibration-color.js";
import { chartColumns, chartRows } from "./chart-place.js";

export interface ChartShape {
  /** Shortest side of a patch, near enough: a quarter or sixth of the grid's shortest sides, px. */
  readonly patchPx: number;
  /** Longest over shortest such side: 1 for a chart that faces the camera. */
  readonly obliqueness: number;
}

/** How large and how square a chart's grid lies in its image. */
export function chartShape({ cornersPx: [a, b, c, d] }: Pick<ChartSighting, "cornersPx">): ChartShape {
  const side = (from: readonly [number, number], to: readonly [number, number], patches: number): number =>
    Math.hypot(to[0] - from[0], to[1] - from[1]) / patches;
  const sides = [
    side(a, b, chartColumns),
    side(d, c, chartColumns),
    side(a, d, chartRows),
    side(b, c, chartRows),
  ];
  const shortest = Math.min(...sides);
  return { patchPx: shortest, obliqueness: Math.max(...sides) / shortest };
}
