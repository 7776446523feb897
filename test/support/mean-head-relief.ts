/** Depth of several heads on a grid, each warped so that its mesh lies on the mean one's: mean, spread, reach. */
import type { Vector3 } from "../../src/geometry/vector.js";
import { median } from "../../src/stats/median.js";
import { type MeanMesh, mean } from "./mean-head-mesh.js";
import type { SeenHead } from "./mean-head-views.js";

/** One side of a symmetric head: x from 0 outwards, y from above the crown to the neck. */
export const reliefGrid = { columns: 21, rows: 57, stepMm: 5, topMm: -130 } as const;

export interface ReliefCell {
  readonly heightMm: number;
  /** Standard deviation over the heads. */
  readonly sigmaMm: number;
  /** Share of heads, or hair, that reach there, 0..1. */
  readonly coverage: number;
}

/** Nodes around the table whose sigmas are smoothed into it. */
const marginNodes = 1;
/** Behind this there is no head, only the body or the wall, mm. */
const deepestMm = -180;
/** Beside the neck the heads' shoulders begin, which are not theirs. */
const shoulders = { belowMm: 95, besideMm: 60 } as const;
/** Where fewer heads reach there is no mean. */
const leastCoverage = 0.15;
/** Heads further off the median, mm, are drawn up to that: hair must not pull the skin's mean. */
const mostDepartureMm = 25;
/** Where not all heads reach, the contour itself is uncertain by so much besides. */
const contourSigmaMm = 8;
/** Smallest sigma: 28 heads do not show that all are alike. */
const leastSigmaMm = 2.5;

/** [row][column]; null where too few heads reach. */
export function reliefOf(heads: readonly SeenHead[], mesh: MeanMesh): (ReliefCell | null)[] {
  const { columns, rows, stepMm, topMm } = reliefGrid;
  const warps = heads.map((head, k) => warpOf(head, mesh, mesh.scales[k] as number));
  const cellAt = (column: number, row: number): ReliefCell | null => {
    const [x, y] = [Math.abs(column) * stepMm, topMm + row * stepMm];
    if (y > shoulders.belowMm && x > shoulders.besideMm) return null;
    // Both sides of every head.
    return cellOf(
      heads.flatMap((head, k) => [x, -x].map((side) => surfaceAt(head, warps[k] as Warp, side, y))),
    );
  };
  const wide = { columns: columns + 2 * marginNodes, rows: rows + 2 * marginNodes };
  const cells = Array.from({ length: wide.columns * wide.rows }, (_, i) =>
    cellAt((i % wide.columns) - marginNodes, Math.floor(i / wide.columns) - marginNodes),
  );
  return Array.from({ length: columns * rows }, (_, i) => {
    const at = (Math.floor(i / columns) + marginNodes) * wide.columns + (i % columns) + marginNodes;
    const cell = cells[at] ?? null;
    if (cell === null || cell.coverage <= leastCoverage) return null;
    const around = [-wide.columns, 0, wide.columns].flatMap((by) =>
      [-1, 0, 1].map((side) => cells[at + by + side]),
    );
    const squares = around.flatMap((other) => (other ? [other.sigmaMm ** 2] : []));
    return { ...cell, sigmaMm: Math.sqrt(mean(squares)) };
  });
}

function cellOf(heights: readonly number[]): ReliefCell | null {
  const seen = heights.filter(Number.isFinite);
  const middle = median(seen);
  if (middle === null) return null;
  const heightMm = mean(
    seen.map((h) => Math.min(Math.max(h, middle - mostDepartureMm), middle + mostDepartureMm)),
  );
  const coverage = seen.length / heights.length;
  const spread = Math.sqrt(mean(seen.map((h) => (h - heightMm) ** 2)));
  const sigmaMm = Math.hypot(spread, coverage < 1 ? contourSigmaMm : 0);
  return { heightMm, sigmaMm: Math.max(sigmaMm, leastSigmaMm), coverage };
}

interface Warp {
  readonly scale: number;
  /** Of the mean mesh's points that the head has: where they are, and this head's departure from them, mm of the mean. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly dx: number;
    readonly dy: number;
  }[];
}

function warpOf({ mesh }: SeenHead, { points }: MeanMesh, scale: number): Warp {
  return {
    scale,
    points: points.map(([x, y], i) => {
      const point = mesh[i] ?? null;
      const [dx, dy] = point === null ? [0, 0] : [point[0] / scale - x, point[1] / scale - y];
      return { x, y, dx, dy };
    }),
  };
}

/** Reach of a point's departure within the mesh, and how fast the warp fades outside of it, mm. */
const warpMm = { reach: 10, free: 5, fade: 40 } as const;
/** Share of the reach's weight that distant points keep: outside of the mesh, where all are distant. */
const distant = { weight: 1e-12, widening: 100 } as const;

function departureAt(points: Warp["points"], x: number, y: number): readonly [number, number] {
  let [sumX, sumY, weights, nearest] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (const point of points) {
    const square = (point.x - x) ** 2 + (point.y - y) ** 2;
    const exponent = square / (2 * warpMm.reach ** 2);
    const weight = Math.exp(-exponent) + distant.weight * Math.exp(-exponent / distant.widening);
    sumX += weight * point.dx;
    sumY += weight * point.dy;
    weights += weight;
    nearest = Math.min(nearest, square);
  }
  const share = Math.exp(-Math.max(Math.sqrt(nearest) - warpMm.free, 0) / warpMm.fade) / weights;
  return [share * sumX, share * sumY];
}

/** Rounds of walking along the ray to the surface: its depth moves the place where it is seen. */
const rayRounds = 4;

/** Height of the head at a place of the mean one, mm of the mean; NaN where it does not reach. */
function surfaceAt(head: SeenHead, { scale, points }: Warp, x: number, y: number): number {
  const [dx, dy] = departureAt(points, x, y);
  const place = (h: number): Vector3 => [scale * (x + dx), scale * (y + dy), h];
  let h = 0;
  let behind = Number.NaN;
  for (let round = 0; round < rayRounds; round++) {
    behind = head.surfaceBehind(place(h));
    if (behind > deepestMm) h = behind;
  }
  return behind > deepestMm ? behind / scale : Number.NaN;
}
