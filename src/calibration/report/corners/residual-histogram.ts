import type { Markup } from "../markup.js";
import { counted, fixed } from "../numbers.js";
import { figure } from "../page-parts.js";
import { gaussian, histogram } from "../plot/histogram.js";
import { inliers, type ResidualPoint } from "./residual-points.js";

/** Both coordinates of all residuals against the noise that they are said to be. */
export function residualHistogram(
  points: readonly ResidualPoint[],
  noiseSigmaPx: number,
  name: string,
): Markup {
  const title = `Residual histogram, ${name}`;
  const values = inliers(points).flatMap(({ dx, dy }) => [dx, dy]);
  const reach = 5 * (noiseSigmaPx || 1);
  const beyond = values.filter((value) => Math.abs(value) > reach).length;
  const drawing = histogram({
    title,
    xLabel: "residual of a coordinate, px",
    yLabel: "coordinates",
    from: -reach,
    to: reach,
    bins: 40,
    sets: [{ values, className: "" }],
    ...(noiseSigmaPx > 0 ? { density: gaussian(noiseSigmaPx) } : {}),
  });
  return figure(
    title,
    drawing,
    `Bars: x and y of every residual that was not left out. Curve: a normal distribution of ${fixed(noiseSigmaPx, 4)} px, the noise that ` +
      `all sigmas rest on. Heavier tails mean outliers that were not found. ${counted(beyond, "value")} lie beyond the plot.`,
  );
}
