/** Samples over a whole image. */
import type { GridMap } from "../../../schema/calibration-geometry.js";
import { median } from "../../../stats/median.js";

/** Along the longer side. */
const samplesAlong = 24;

export interface ImageGrid {
  readonly columns: number;
  readonly rows: number;
  readonly to: readonly [number, number];
  /** [x, y] flat, row-major, px; from the first pixel's centre to the last one's. */
  readonly pixels: Float64Array;
}

export function imageGrid([widthPx, heightPx]: readonly [number, number]): ImageGrid {
  const step = Math.max(widthPx, heightPx) / samplesAlong;
  const columns = Math.max(2, Math.round(widthPx / step));
  const rows = Math.max(2, Math.round(heightPx / step));
  const to = [widthPx - 1, heightPx - 1] as const;
  const pixels = new Float64Array(2 * columns * rows);
  for (let i = 0; i < columns * rows; i++) {
    pixels[2 * i] = ((i % columns) / (columns - 1)) * to[0];
    pixels[2 * i + 1] = (Math.floor(i / columns) / (rows - 1)) * to[1];
  }
  return { columns, rows, to, pixels };
}

/** @param values one a sample; NaN where there is none. */
export function mapOf(grid: ImageGrid, values: ArrayLike<number>, title: string): GridMap {
  const { columns, rows, to } = grid;
  return {
    title,
    unit: "px",
    columns,
    rows,
    from: [0, 0],
    to: [to[0], to[1]],
    placeUnit: "px",
    values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
  };
}

/** Of the values that there are; NaN without any. */
export function medianOf(values: Iterable<number | null>): number {
  return (
    median([...values].flatMap((value) => (Number.isFinite(value) ? [value as number] : []))) ?? Number.NaN
  );
}
