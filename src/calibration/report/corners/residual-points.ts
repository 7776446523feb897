/** Corners of a board as an image showed them, with what the solve left over; none of sightings that it did not use. */
import type { BoardSighting } from "../../../schema/calibration-geometry.js";

export interface ResidualPoint {
  readonly x: number;
  readonly y: number;
  /** Projected minus seen, px. */
  readonly dx: number;
  readonly dy: number;
  readonly outlier: boolean;
}

export function residualPoints(sightings: readonly (BoardSighting | null)[]): ResidualPoint[] {
  return sightings.flatMap((sighting) => (sighting === null ? [] : pointsOf(sighting)));
}

export function inliers(points: readonly ResidualPoint[]): ResidualPoint[] {
  return points.filter(({ outlier }) => !outlier);
}

/** Root mean square length of the residuals, px; null for none. */
export function rmsOf(points: readonly ResidualPoint[]): number | null {
  if (points.length === 0) return null;
  const sum = points.reduce((total, { dx, dy }) => total + dx * dx + dy * dy, 0);
  return Math.sqrt(sum / points.length);
}

function pointsOf({ ids, pointsPx, residualsPx, outliers }: BoardSighting): ResidualPoint[] {
  if (residualsPx.length === 0) return [];
  const left = new Set(outliers);
  return ids.map((_, i) => ({
    x: pointsPx[2 * i] as number,
    y: pointsPx[2 * i + 1] as number,
    dx: residualsPx[2 * i] as number,
    dy: residualsPx[2 * i + 1] as number,
    outlier: left.has(i),
  }));
}
