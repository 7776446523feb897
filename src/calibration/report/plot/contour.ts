/** Lines of equal value on a grid, by marching squares. */
import type { GridMap } from "../../../schema/calibration-geometry.js";
import type { Markup } from "../markup.js";
import { type PlotArea, pathOf, px } from "./plot-area.js";

type Point = readonly [number, number];

/** The line where the map has the value `level`; squares with an unknown corner have none. */
export function contourPath({ widthPx, heightPx }: PlotArea, map: GridMap, level: number): Markup {
  const { columns, rows } = map;
  const place = ([column, row]: Point): string =>
    `${px((column / (columns - 1)) * widthPx)} ${px((row / (rows - 1)) * heightPx)}`;
  const commands: string[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const crossed = crossings(map, column, row, level);
      for (let i = 0; i + 1 < crossed.length; i += 2) {
        commands.push(`M${place(crossed[i] as Point)}L${place(crossed[i + 1] as Point)}`);
      }
    }
  }
  return pathOf(commands, "contour");
}

/** Where the level crosses the sides of one square, in order around it: none, two or four places. */
function crossings({ columns, values }: GridMap, column: number, row: number, level: number): Point[] {
  const corners: readonly Point[] = [
    [column, row],
    [column + 1, row],
    [column + 1, row + 1],
    [column, row + 1],
  ];
  const heights = corners.map(([x, y]) => values[y * columns + x] ?? null);
  const crossed: Point[] = [];
  for (const [i, start] of corners.entries()) {
    const [from, to] = [heights[i] ?? null, heights[(i + 1) % 4] ?? null];
    if (from === null || to === null) return [];
    if (from < level === to < level) continue;
    const end = corners[(i + 1) % 4] as Point;
    const share = (level - from) / (to - from);
    crossed.push([start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]);
  }
  return crossed;
}
