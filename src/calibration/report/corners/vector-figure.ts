import { niceAbove } from "../../../stats/nice-numbers.js";
import { type Markup, markup } from "../markup.js";
import { chosen } from "../numbers.js";
import { figure } from "../page-parts.js";
import { type Arrow, arrows } from "../plot/marks.js";
import { type PlotArea, px } from "../plot/plot-area.js";
import { type ImageSize, imagePlot } from "./image-plot.js";
import { inliers, type ResidualPoint, rmsOf } from "./residual-points.js";
import { thinned, thinningNote } from "./thin-points.js";

/** A residual of rms length is drawn at least this long, over the distance between neighbors. */
const rmsOverSpacing = 0.4;

/** What the solve left over at each corner, much enlarged. */
export function vectorFigure(
  points: readonly ResidualPoint[],
  imageSizePx: ImageSize,
  name: string,
  limit: number,
  boxPx?: number,
): Markup {
  const title = `Residuals, ${name}`;
  const rms = rmsOf(inliers(points)) || 1;
  const good = thinned(inliers(points), imageSizePx, limit);
  const spacing = Math.sqrt((imageSizePx[0] * imageSizePx[1]) / Math.max(1, good.length));
  const times = niceAbove((rmsOverSpacing * spacing) / rms);
  const bad = points.filter(({ outlier }) => outlier);
  const enlarged = (some: readonly ResidualPoint[]): Arrow[] =>
    some.map(({ x, y, dx, dy }) => ({ x, y, dx: dx * times, dy: dy * times }));
  const drawing = imagePlot({ title, imageSizePx, ...(boxPx === undefined ? {} : { boxPx }) }, (area) => [
    arrows(area, enlarged(good), "inlier"),
    arrows(area, enlarged(bad), "outlier"),
    scaleBar(area, niceAbove(rms), times),
  ]);
  return figure(
    title,
    drawing,
    `From where a corner was seen (dot) to where the model puts it, drawn ${chosen(times, "")} times too long; red ones were left out. ` +
      `Noise points every way; neighbors that point the same way are an error of the model or of the board.` +
      thinningNote(good.length + bad.length, points.length),
  );
}

function scaleBar({ x, widthPx, heightPx }: PlotArea, lengthPx: number, times: number): Markup {
  const drawn = Math.abs(x.at(lengthPx * times) - x.at(0));
  const right = widthPx - 8;
  return markup`<g><rect class="area" fill-opacity="0.85" x="${px(right - drawn - 60)}" y="${heightPx - 20}" width="${px(drawn + 68)}" height="20"/><path class="mean" d="M${px(right - drawn)} ${heightPx - 8}H${right}"/><text class="plain" x="${px(right - drawn - 6)}" y="${heightPx - 4}" text-anchor="end">${chosen(lengthPx, "px")}</text></g>`;
}
