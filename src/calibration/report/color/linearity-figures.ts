import { arms } from "../../../capture/rig.js";
import type { ColorCalibration } from "../../../schema/calibration-color.js";
import { type Content, markup } from "../markup.js";
import { figure, paragraph, row } from "../page-parts.js";
import { dots, type Place, polyline } from "../plot/marks.js";
import { type PlotArea, plot, px } from "../plot/plot-area.js";

const classes = { near: { dots: "inlier", line: "curve2" }, far: { dots: "second", line: "curve" } } as const;

interface ArmSeries {
  readonly arm: "near" | "far";
  readonly points: readonly { readonly exposureUs: number; readonly share: number }[];
}

/** Signal over exposure of both arms. */
export function linearityFigures({ light }: ColorCalibration): Content {
  const series = arms
    .map((arm): ArmSeries => ({ arm, points: light[arm]?.linearity ?? [] }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return paragraph("Linearity was not measured.");
  const title = "Signal over exposure";
  const longest = Math.max(...series.flatMap(({ points }) => points.map(({ exposureUs }) => exposureUs)));
  const drawing = plot(
    {
      title,
      x: { label: "exposure, ms", from: 0, to: (1.05 * longest) / 1000 },
      y: { label: "signal, % of the range", from: 0, to: 105 },
      rightPx: 64,
      beside: () => legend(series.map(({ arm }) => arm)),
    },
    (area) =>
      series.map(({ arm, points }) => {
        const places = points.map(
          ({ exposureUs, share }): Place => ({ x: exposureUs / 1000, y: 100 * share }),
        );
        return [line(area, places, classes[arm].line), dots(area, places, `${classes[arm].dots} big`)];
      }),
  );
  const signal = figure(
    title,
    drawing,
    "Dots: signal of a white at each exposure. Line: straight through the dark, by least squares. A sensor that is read within its range stays on it.",
  );
  return row(signal, departureFigure(series, longest / 1000));
}

/** Signal per exposure against its mean: what the plot of the signal itself is too small to show. */
function departureFigure(series: readonly ArmSeries[], longestMs: number): Content {
  const title = "Departure from a straight line";
  const departures = series.map(({ arm, points }) => {
    const slopes = points.map(({ exposureUs, share }) => share / exposureUs);
    const mean = slopes.reduce((sum, slope) => sum + slope, 0) / slopes.length;
    return {
      arm,
      places: points.map(
        ({ exposureUs }, i): Place => ({ x: exposureUs / 1000, y: 100 * ((slopes[i] as number) / mean - 1) }),
      ),
    };
  });
  const reach =
    1.3 * Math.max(0.1, ...departures.flatMap(({ places }) => places.map(({ y }) => Math.abs(y))));
  const drawing = plot(
    {
      title,
      x: { label: "exposure, ms", from: 0, to: 1.05 * longestMs },
      y: { label: "signal per exposure, % off its mean", from: -reach, to: reach },
    },
    (area) => [
      polyline(
        area,
        [
          { x: 0, y: 0 },
          { x: area.x.to, y: 0 },
        ],
        "guide",
      ),
      departures.map(({ arm, places }) => [
        polyline(area, places, classes[arm].line),
        dots(area, places, `${classes[arm].dots} big`),
      ]),
    ],
  );
  return figure(
    title,
    drawing,
    "The same as signal divided by exposure. Flat: straight through the dark. A bend at the right is a sensor near its limit, one at the left a dark offset.",
  );
}

/** Through the origin. */
function line(area: PlotArea, places: readonly Place[], className: string): Content {
  const slope =
    places.reduce((sum, { x, y }) => sum + x * y, 0) / places.reduce((sum, { x }) => sum + x * x, 0);
  return polyline(
    area,
    [
      { x: 0, y: 0 },
      { x: area.x.to, y: slope * area.x.to },
    ],
    className,
  );
}

function legend(names: readonly ("near" | "far")[]): Content {
  return names.map(
    (name, i) =>
      markup`<path class="${classes[name].line}" d="M10 ${px(10 + 18 * i)}h16"/><text x="31" y="${px(14 + 18 * i)}">${name}</text>`,
  );
}
