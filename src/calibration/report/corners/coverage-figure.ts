import { type Markup, markup } from "../markup.js";
import { counted, percent } from "../numbers.js";
import { figure } from "../page-parts.js";
import { dots } from "../plot/marks.js";
import type { PlotArea } from "../plot/plot-area.js";
import { px } from "../plot/plot-area.js";
import { type ImageSize, imagePlot } from "./image-plot.js";
import { inliers, type ResidualPoint } from "./residual-points.js";
import { thinned, thinningNote } from "./thin-points.js";

/** Cells along the image's longer side in which corners are counted. */
const cellsAlong = 12;

/** Where in the image corners were seen, and where none were. */
export function coverageFigure(
  points: readonly ResidualPoint[],
  imageSizePx: ImageSize,
  name: string,
  limit: number,
  boxPx?: number,
): Markup {
  const title = `Coverage, ${name}`;
  const drawn = thinned(points, imageSizePx, limit);
  const cells = countedCells(points, imageSizePx);
  const seen = cells.filter(({ count }) => count > 0).length;
  const drawing = imagePlot({ title, imageSizePx, ...(boxPx === undefined ? {} : { boxPx }) }, (area) => [
    emptyCells(area, cells),
    dots(area, inliers(drawn), "inlier"),
    dots(
      area,
      points.filter(({ outlier }) => outlier),
      "outlier",
    ),
  ]);
  const outliers = points.length - inliers(points).length;
  return figure(
    title,
    drawing,
    `Each dot is a corner (${counted(points.length, "corner")}), red ones were left out (${outliers}). Hatched cells saw none: ` +
      `the model is a guess there. ${percent(seen / cells.length)} of the cells are covered.${thinningNote(drawn.length, points.length)}`,
  );
}

interface Cell {
  /** Left, top, right, bottom, px. */
  readonly box: readonly [number, number, number, number];
  readonly count: number;
}

function countedCells(points: readonly ResidualPoint[], [width, height]: ImageSize): Cell[] {
  const side = Math.max(width, height) / cellsAlong;
  const [columns, rows] = [Math.round(width / side), Math.round(height / side)];
  const counts = new Array<number>(columns * rows).fill(0);
  for (const { x, y } of points) {
    const column = Math.min(columns - 1, Math.max(0, Math.floor(((x + 0.5) / width) * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor(((y + 0.5) / height) * rows)));
    counts[row * columns + column] = (counts[row * columns + column] as number) + 1;
  }
  return counts.map((count, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const [stepX, stepY] = [width / columns, height / rows];
    return {
      count,
      box: [column * stepX - 0.5, row * stepY - 0.5, (column + 1) * stepX - 0.5, (row + 1) * stepY - 0.5],
    };
  });
}

/** Crossed out, so that they are told from covered ones without color. */
function emptyCells({ x, y }: PlotArea, cells: readonly Cell[]): Markup {
  const commands = cells
    .filter(({ count }) => count === 0)
    .map(({ box: [left, top, right, bottom] }) => {
      const [x0, y0, x1, y1] = [x.at(left), y.at(top), x.at(right), y.at(bottom)];
      return `M${px(x0)} ${px(y1)}L${px(x1)} ${px(y0)}M${px(x0)} ${px((y0 + y1) / 2)}L${px((x0 + x1) / 2)} ${px(y0)}M${px((x0 + x1) / 2)} ${px(y1)}L${px(x1)} ${px((y0 + y1) / 2)}`;
    });
  return markup`<path class="gridline" d="${commands.join("")}"/>`;
}
