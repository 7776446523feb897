/** Coarse grids over a canonical image: cells of equal size, values at their centres. */
import type { Pixel } from "../../geometry/brown-camera.js";

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Side of a cell in image px. */
  readonly cellPx: number;
}

/** @returns a square grid over a square image. */
export function gridOver(sizePx: number, columns: number): Grid {
  return { columns, rows: columns, cellPx: sizePx / columns };
}

/** Where a px of the image lies in the grid; whole numbers at the cells' centres. */
export function cellOfPixel({ cellPx }: Grid, [x, y]: Pixel): Pixel {
  return [(x + 0.5) / cellPx - 0.5, (y + 0.5) / cellPx - 0.5];
}

/** Centre of a cell in px of the image. */
export function pixelOfCell({ cellPx }: Grid, column: number, row: number): Pixel {
  return [(column + 0.5) * cellPx - 0.5, (row + 0.5) * cellPx - 0.5];
}

/** 1 in the cells whose centre lies inside the polygon (even-odd rule), which is given in image px. */
export function filledPolygon(grid: Grid, polygon: readonly Pixel[]): Uint8Array {
  const { columns, rows } = grid;
  const corners = polygon.map((px) => cellOfPixel(grid, px));
  const inside = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const crossings = crossingsAt(corners, row);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil(crossings[k] as number));
      const to = Math.min(columns - 1, Math.floor(crossings[k + 1] as number));
      for (let column = from; column <= to; column++) inside[row * columns + column] = 1;
    }
  }
  return inside;
}

function crossingsAt(corners: readonly Pixel[], y: number): number[] {
  const crossings: number[] = [];
  for (const [i, [x1, y1]] of corners.entries()) {
    const [x0, y0] = corners[(i + corners.length - 1) % corners.length] as Pixel;
    if (y0 > y !== y1 > y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  }
  return crossings.sort((a, b) => a - b);
}
