/** Residuals by region of the image: what is left there that noise cannot be. */
import type { ResidualPoint } from "./residual-points.js";

export interface Region {
  readonly column: number;
  readonly row: number;
  readonly count: number;
  /** Mean residual, px. */
  readonly meanX: number;
  readonly meanY: number;
  /** Standard deviation of a coordinate about that mean, px; 0 with fewer than two corners. */
  readonly sigma: number;
}

export interface RegionGrid {
  readonly columns: number;
  readonly rows: number;
  /** Row-major. */
  readonly regions: readonly Region[];
}

/** Five regions along the longer side, four along the shorter. */
export function regionGrid(
  points: readonly ResidualPoint[],
  [widthPx, heightPx]: readonly [number, number],
): RegionGrid {
  const [columns, rows] = widthPx >= heightPx ? [5, 4] : [4, 5];
  const members = Array.from({ length: columns * rows }, (): ResidualPoint[] => []);
  for (const point of points) {
    const column = clamp(Math.floor(((point.x + 0.5) / widthPx) * columns), columns);
    const row = clamp(Math.floor(((point.y + 0.5) / heightPx) * rows), rows);
    members[row * columns + column]?.push(point);
  }
  const regions = members.map((own, i) => ({
    column: i % columns,
    row: Math.floor(i / columns),
    ...spreadOf(own),
  }));
  return { columns, rows, regions };
}

/** Length of the mean over what noise alone would make of it; above 3 the model does not fit there. */
export function significance({ count, meanX, meanY, sigma }: Region): number {
  return sigma > 0 ? Math.hypot(meanX, meanY) / (sigma * Math.sqrt(2 / count)) : 0;
}

function spreadOf(points: readonly ResidualPoint[]): Pick<Region, "count" | "meanX" | "meanY" | "sigma"> {
  const count = points.length;
  if (count === 0) return { count, meanX: 0, meanY: 0, sigma: 0 };
  const meanX = points.reduce((sum, { dx }) => sum + dx, 0) / count;
  const meanY = points.reduce((sum, { dy }) => sum + dy, 0) / count;
  const squares = points.reduce((sum, { dx, dy }) => sum + (dx - meanX) ** 2 + (dy - meanY) ** 2, 0);
  return { count, meanX, meanY, sigma: count > 1 ? Math.sqrt(squares / (2 * (count - 1))) : 0 };
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
