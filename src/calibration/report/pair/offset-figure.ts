/** Lateral offsets of all stops with their sigmas. */
import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import { niceAbove } from "../../../stats/nice-numbers.js";
import { stopNames } from "../../record/stop-names.js";
import { type Content, type Markup, markup } from "../markup.js";
import { chosen } from "../numbers.js";
import { figure } from "../page-parts.js";
import { type PlotArea, plot, px } from "../plot/plot-area.js";
import { sideLeads, sideNames, sideNamesPx } from "../plot/side-names.js";

type Stops = PairCalibration["stops"];

/** Least radius of an ellipse as a share of the plot's half width. */
const leastRadius = 0.03;

export function offsetFigure({ stops }: PairCalibration): Markup | null {
  if (stops.length === 0) return null;
  const title = "Lateral offset of the far pupil";
  const offsets = stops.map(({ readOuts: { lateralOffsetMm } }) => lateralOffsetMm);
  const greatest = Math.max(
    ...offsets.flatMap(({ x, y }) => [Math.abs(x.value) + x.sigma, Math.abs(y.value) + y.sigma]),
  );
  const reach = 1.15 * Math.max(greatest, 0.01);
  const sigma = Math.max(...offsets.flatMap(({ x, y }) => [x.sigma, y.sigma]));
  const times = sigma > 0 && sigma < leastRadius * reach ? niceAbove((leastRadius * reach) / sigma) : 1;
  const names = stopNames(stops, (distanceMm) => chosen(distanceMm, "mm"));
  const places = offsets.map(({ x, y }, i) => ({ x: x.value, y: y.value, name: names[i] as string }));
  const drawing = plot(
    {
      title,
      x: { label: "x, mm", from: -reach, to: reach },
      y: { label: "y, mm", from: reach, to: -reach },
      widthPx: 300,
      heightPx: 300,
      equalScale: true,
      rightPx: sideNamesPx,
      beside: (area) => sideNames(area, places),
    },
    (area) => [cross(area), sideLeads(area, places), ellipses(area, stops, times)],
  );
  const enlarged = times === 1 ? "of one sigma" : `of one sigma, ${chosen(times, "")} times too large`;
  return figure(
    title,
    drawing,
    `Far pupil from each near camera's line of sight to the face point. Ellipses ${enlarged}; the cross is where it should be.`,
  );
}

function cross({ x, y, widthPx, heightPx }: PlotArea): Markup {
  return markup`<path class="guide" d="M${px(x.at(0))} 0V${heightPx}M0 ${px(y.at(0))}H${widthPx}"/>`;
}

function ellipses({ x, y }: PlotArea, stops: Stops, times: number): Content {
  return stops.map(({ readOuts: { lateralOffsetMm: offset } }) => {
    const radiusX = Math.max(1.5, Math.abs(x.at(times * offset.x.sigma) - x.at(0)));
    const radiusY = Math.max(1.5, Math.abs(y.at(times * offset.y.sigma) - y.at(0)));
    return markup`<ellipse class="ellipse" cx="${px(x.at(offset.x.value))}" cy="${px(y.at(offset.y.value))}" rx="${px(radiusX)}" ry="${px(radiusY)}"/>`;
  });
}
