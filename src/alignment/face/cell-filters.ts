/** Smoothing and joining of cells on a grid. */
import type { Grid } from "./grid.js";

/** Means over squares that reach `reach` cells either way, cut off at the grid's edges. */
export function meansAround(values: Float32Array, { columns, rows }: Grid, reach: number): Float32Array {
  const across = alongLines(values, rows, columns, columns, 1, reach);
  return alongLines(across, columns, rows, 1, columns, reach);
}

/** Running means within lines of `length` cells `step` apart. */
function alongLines(
  values: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
  reach: number,
): Float32Array {
  const means = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    let sum = 0;
    for (let i = 0; i < Math.min(reach, length); i++) sum += values[start + i * step] as number;
    for (let i = 0; i < length; i++) {
      if (i + reach < length) sum += values[start + (i + reach) * step] as number;
      if (i - reach - 1 >= 0) sum -= values[start + (i - reach - 1) * step] as number;
      const count = Math.min(i + reach, length - 1) - Math.max(i - reach, 0) + 1;
      means[start + i * step] = sum / count;
    }
  }
  return means;
}

/** Cells of `mask` that are joined, edge to edge, to any cell of `seeds` that is in the mask. */
export function connectedTo(mask: Uint8Array, { columns, rows }: Grid, seeds: Uint8Array): Uint8Array {
  const joined = new Uint8Array(mask.length);
  const waiting: number[] = [];
  const visit = (cell: number): void => {
    if (mask[cell] !== 1 || joined[cell] === 1) return;
    joined[cell] = 1;
    waiting.push(cell);
  };
  for (let cell = 0; cell < mask.length; cell++) if (seeds[cell] === 1) visit(cell);
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    const column = cell % columns;
    if (column > 0) visit(cell - 1);
    if (column + 1 < columns) visit(cell + 1);
    if (cell >= columns) visit(cell - columns);
    if (cell < columns * (rows - 1)) visit(cell + columns);
  }
  return joined;
}
