import { niceBelow } from "../../../stats/nice-numbers.js";
import { type Content, type Markup, markup } from "../markup.js";
import { chosen, fixed, significant } from "../numbers.js";
import { figure, numberColumn, table, textColumn } from "../page-parts.js";
import { arrows, label } from "../plot/marks.js";
import { type PlotArea, px } from "../plot/plot-area.js";
import { type ImageSize, imagePlot } from "./image-plot.js";
import { type Region, type RegionGrid, regionGrid, significance } from "./regions.js";
import { inliers, type ResidualPoint } from "./residual-points.js";

/** Mean residual of each region of the image as an arrow. */
export function regionFigure(
  points: readonly ResidualPoint[],
  imageSizePx: ImageSize,
  name: string,
  boxPx?: number,
): Markup {
  const title = `Region means, ${name}`;
  const grid = regionGrid(inliers(points), imageSizePx);
  const greatest = Math.max(...grid.regions.map(({ meanX, meanY }) => Math.hypot(meanX, meanY))) || 1;
  const cellPx = Math.min(imageSizePx[0] / grid.columns, imageSizePx[1] / grid.rows);
  const times = niceBelow((0.7 * cellPx) / greatest);
  const drawing = imagePlot({ title, imageSizePx, ...(boxPx === undefined ? {} : { boxPx }) }, (area) => [
    gridLines(area, grid),
    grid.regions
      .filter(({ count }) => count > 0)
      .map((region) =>
        regionMarks(area, region, centre(region, grid, imageSizePx), times, area.heightPx / grid.rows / 2),
      ),
  ]);
  return figure(
    title,
    drawing,
    `Arrow: the mean residual of the corners in a region, ${chosen(times, "")} times too long, in red where it is more than 3 times ` +
      "what noise alone would leave. Below it its length in px, above it the number of corners.",
  );
}

/** The same numbers as a table. */
export function regionTable(points: readonly ResidualPoint[], imageSizePx: ImageSize): Markup {
  const { regions } = regionGrid(inliers(points), imageSizePx);
  return table(
    [
      textColumn("Region (column, row)"),
      ...["Corners", "Mean x, px", "Mean y, px", "Sigma, px", "Mean over its noise"].map(numberColumn),
    ],
    regions.map((region): Content[] => [
      `${region.column + 1}, ${region.row + 1}`,
      region.count,
      ...(region.count === 0
        ? ["–", "–", "–", "–"]
        : [
            fixed(region.meanX, 4),
            fixed(region.meanY, 4),
            fixed(region.sigma, 4),
            fixed(significance(region), 1),
          ]),
    ]),
    "compact",
  );
}

function centre(
  { column, row }: Region,
  { columns, rows }: RegionGrid,
  [width, height]: ImageSize,
): { readonly x: number; readonly y: number } {
  return { x: ((column + 0.5) / columns) * width - 0.5, y: ((row + 0.5) / rows) * height - 0.5 };
}

function regionMarks(
  area: PlotArea,
  region: Region,
  middle: { readonly x: number; readonly y: number },
  times: number,
  halfPx: number,
): Content {
  const [dx, dy] = [region.meanX * times, region.meanY * times];
  const strong = significance(region) > 3;
  return [
    arrows(area, [{ x: middle.x - dx / 2, y: middle.y - dy / 2, dx, dy }], strong ? "outlier" : "mean"),
    label(area, middle, String(region.count), "", [0, 12 - halfPx]),
    label(area, middle, significant(Math.hypot(region.meanX, region.meanY), 2), "strong", [0, halfPx - 5]),
  ];
}

function gridLines({ widthPx, heightPx }: PlotArea, { columns, rows }: RegionGrid): Markup {
  const vertical = Array.from(
    { length: columns - 1 },
    (_, i) => `M${px(((i + 1) / columns) * widthPx)} 0V${heightPx}`,
  );
  const horizontal = Array.from(
    { length: rows - 1 },
    (_, i) => `M0 ${px(((i + 1) / rows) * heightPx)}H${widthPx}`,
  );
  return markup`<path class="gridline" d="${[...vertical, ...horizontal].join("")}"/>`;
}
