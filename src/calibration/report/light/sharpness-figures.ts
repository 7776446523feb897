import type { LightCalibration } from "../../../schema/calibration-color.js";
import { type Content, markup } from "../markup.js";
import { figure } from "../page-parts.js";
import { dots, type Place, polyline } from "../plot/marks.js";
import { plot, px } from "../plot/plot-area.js";

interface Series {
  readonly name: string;
  readonly dots: string;
  readonly line: string;
  readonly places: readonly Place[];
}

/** Spatial frequency at half contrast over the stops. */
export function mtfFigure({ sharpness }: LightCalibration): Content {
  const along = (arm: "near" | "far", axis: 0 | 1): Place[] =>
    sharpness[arm].map(({ distanceMm, mtf50 }) => ({ x: distanceMm, y: mtf50[axis] }));
  const series: readonly Series[] = [
    { name: "near, x", dots: "inlier", line: "curve2", places: along("near", 0) },
    { name: "near, y", dots: "inlier", line: "curve2 dashed", places: along("near", 1) },
    { name: "far, x", dots: "second", line: "curve", places: along("far", 0) },
    { name: "far, y", dots: "second", line: "curve dashed", places: along("far", 1) },
  ];
  return seriesFigure(
    "MTF50 over the stops",
    "MTF50, cycles/px",
    series,
    0,
    "Detail that both cameras keep at half contrast; higher is sharper. Square pixels behind a lens without any blur would give 0.60; frames hold no detail finer than 0.5. A stop that falls out of the row is out of focus.",
  );
}

/** Depth of best focus over the stops. */
export function bestFocusFigure({ sharpness }: LightCalibration): Content {
  const depths = (arm: "near" | "far"): Place[] =>
    sharpness[arm].flatMap(({ distanceMm, bestFocusMm }) =>
      bestFocusMm === null ? [] : [{ x: distanceMm, y: bestFocusMm }],
    );
  const series: readonly Series[] = [
    { name: "near", dots: "inlier", line: "curve2", places: depths("near") },
    { name: "far", dots: "second", line: "curve", places: depths("far") },
  ];
  return seriesFigure(
    "Best focus over the stops",
    "towards the cameras, mm",
    series,
    null,
    "Where each camera is sharpest, from the eye plane towards the cameras. It should lie between the eyes (0) and the tip of the nose (about 35 mm) at every stop.",
  );
}

function seriesFigure(
  title: string,
  yLabel: string,
  all: readonly Series[],
  least: number | null,
  howToRead: string,
): Content {
  const series = all.filter(({ places }) => places.length > 0);
  if (series.length === 0) return null;
  const xs = series.flatMap(({ places }) => places.map(({ x }) => x));
  const ys = series.flatMap(({ places }) => places.map(({ y }) => y));
  const [low, high] = [Math.min(least ?? 0, ...ys), Math.max(0, ...ys)];
  const margin = 0.1 * (high - low) || 1;
  const drawing = plot(
    {
      title,
      x: { label: "stop, mm", from: 0, to: 1.06 * Math.max(...xs) },
      y: { label: yLabel, from: least ?? low - margin, to: high + margin },
      widthPx: 360,
      heightPx: 220,
      rightPx: 74,
      beside: () =>
        series.map(
          ({ name, line }, i) =>
            markup`<path class="${line}" d="M10 ${px(10 + 18 * i)}h18"/><text x="33" y="${px(14 + 18 * i)}">${name}</text>`,
        ),
    },
    (area) =>
      series.map((one) => [polyline(area, one.places, one.line), dots(area, one.places, `${one.dots} big`)]),
  );
  return figure(title, drawing, howToRead);
}
