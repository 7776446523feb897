import { countedCells, coverageOf, type ImageCells } from "../../geometry/camera/image-cells.js";
import { type Markup, markup } from "../markup.js";
import { counted, percent } from "../numbers.js";
import { figure } from "../page-parts.js";
import { dots } from "../plot/marks.js";
import type { PlotArea } from "../plot/plot-area.js";
import { px } from "../plot/plot-area.js";
import { type ImageSize, imagePlot } from "./image-plot.js";
import { inliers, type ResidualPoint } from "./residual-points.js";
import { thinned, thinningNote } from "./thin-points.js";

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
  const cells = countedCells(
    inliers(points).map(({ x, y }) => [x, y]),
    imageSizePx,
  );
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
      `the model is a guess there. ${percent(coverageOf(cells))} of the cells are covered.${thinningNote(drawn.length, points.length)}`,
  );
}

/** Crossed out, so that they are told from covered ones without color. */
function emptyCells({ x, y }: PlotArea, { columns, rows, counts, imageSizePx }: ImageCells): Markup {
  const [stepX, stepY] = [imageSizePx[0] / columns, imageSizePx[1] / rows];
  const commands = counts.flatMap((count, i) => {
    if (count > 0) return [];
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const [x0, x1] = [x.at(column * stepX - 0.5), x.at((column + 1) * stepX - 0.5)];
    const [y0, y1] = [y.at(row * stepY - 0.5), y.at((row + 1) * stepY - 0.5)];
    const [middleX, middleY] = [(x0 + x1) / 2, (y0 + y1) / 2];
    return [
      `M${px(x0)} ${px(y1)}L${px(x1)} ${px(y0)}M${px(x0)} ${px(middleY)}L${px(middleX)} ${px(y0)}` +
        `M${px(middleX)} ${px(y1)}L${px(x1)} ${px(middleY)}`,
    ];
  });
  return markup`<path class="gridline" d="${commands.join("")}"/>`;
}
