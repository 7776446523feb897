/** Where in an image corners were seen, by cells of it. */
/** Along the image's longer side. */
const cellsAlong = 10;

/** Equal cells, a hundred or fewer. */
export interface ImageCells {
  readonly columns: number;
  readonly rows: number;
  /** Points in each, row-major. */
  readonly counts: readonly number[];
  readonly imageSizePx: readonly [number, number];
}

/** @param pointsPx [x, y] flat; places outside the image count for the cell at its edge. */
export function countedCells(
  pointsPx: Iterable<ArrayLike<number>>,
  imageSizePx: readonly [number, number],
): ImageCells {
  const cellPx = Math.max(...imageSizePx) / cellsAlong;
  const [columns, rows] = imageSizePx.map((px) => Math.max(1, Math.round(px / cellPx))) as [number, number];
  const counts = new Array<number>(columns * rows).fill(0);
  const cells: ImageCells = { columns, rows, counts, imageSizePx };
  for (const points of pointsPx) {
    for (let i = 0; i < points.length; i += 2) {
      const cell = cellAt(cells, [points[i] as number, points[i + 1] as number]);
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return cells;
}

/** Index of the cell with a pixel. */
function cellAt(
  { columns, rows, imageSizePx }: Omit<ImageCells, "counts">,
  [x, y]: readonly [number, number],
): number {
  const along = (px: number, sidePx: number, cells: number): number =>
    Math.min(cells - 1, Math.max(0, Math.floor(((px + 0.5) / sidePx) * cells)));
  return along(y, imageSizePx[1], rows) * columns + along(x, imageSizePx[0], columns);
}

/** Share of cells with a point in them, 0 to 1. */
export function coverageOf({ counts }: ImageCells): number {
  return counts.filter((count) => count > 0).length / counts.length;
}

/** A GridMap over an image, in px. */
export interface ImageMap {
  readonly columns: number;
  readonly rows: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly values: readonly (number | null)[];
}

/** Samples that lie in cells with a point. */
export function coveredSamples(
  { columns, rows, from, to, values }: ImageMap,
  cells: ImageCells,
): { readonly px: readonly [number, number]; readonly value: number }[] {
  return values.flatMap((value, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const px = [
      from[0] + (column / (columns - 1)) * (to[0] - from[0]),
      from[1] + (row / (rows - 1)) * (to[1] - from[1]),
    ] as const;
    return value !== null && cells.counts[cellAt(cells, px)] ? [{ px, value }] : [];
  });
}
