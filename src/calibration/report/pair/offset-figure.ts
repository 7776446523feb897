/** Lateral offsets of all stops with their sigmas, against the limit. */
import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { type Content, type Markup, markup } from "../markup.js";
import { chosen } from "../numbers.js";
import { figure } from "../page-parts.js";
import { type PlotArea, plot, px } from "../plot/plot-area.js";
import { niceAbove } from "../plot/scale.js";

type Stops = PairCalibration["stops"];

/** Least radius of an ellipse as a share of the plot's half width. */
const leastRadius = 0.03;
const labelHeightPx = 14;

export function offsetFigure({ stops, gates }: PairCalibration): Markup | null {
  if (stops.length === 0) return null;
  const title = "Lateral offset of the far pupil";
  const limit = limitOf(gates);
  const offsets = stops.map(({ readOuts: { lateralOffsetMm } }) => lateralOffsetMm);
  const greatest = Math.max(
    ...offsets.flatMap(({ x, y }) => [Math.abs(x.value) + x.sigma, Math.abs(y.value) + y.sigma]),
  );
  const reach = 1.15 * Math.max(greatest, limit ?? 0, 0.01);
  const sigma = Math.max(...offsets.flatMap(({ x, y }) => [x.sigma, y.sigma]));
  const times = sigma > 0 && sigma < leastRadius * reach ? niceAbove((leastRadius * reach) / sigma) : 1;
  const drawing = plot(
    {
      title,
      x: { label: "x, mm", from: -reach, to: reach },
      y: { label: "y, mm", from: reach, to: -reach },
      widthPx: 300,
      heightPx: 300,
      equalScale: true,
      rightPx: 84,
    },
    (area) => [cross(area), limit === null ? null : circle(area, limit), ellipses(area, stops, times)],
  );
  const enlarged = times === 1 ? "of one sigma" : `of one sigma, ${chosen(times, "")} times too large`;
  return figure(
    title,
    markup`${drawing}`,
    `Far pupil from each near camera's line of sight to the face point. Ellipses ${enlarged}; the cross is where it should be.` +
      (limit === null ? "" : ` Dashed: the limit of ${chosen(limit, "mm")}.`),
  );
}

/** The stricter limit of the gate on lateral offset, if there is such a gate. */
function limitOf(gates: readonly Gate[]): number | null {
  const gate = gates.find(({ id, unit }) => id.includes("lateral") && unit === "mm");
  return gate?.warn ?? gate?.fail ?? null;
}

function cross({ x, y, widthPx, heightPx }: PlotArea): Markup {
  return markup`<path class="guide" d="M${px(x.at(0))} 0V${heightPx}M0 ${px(y.at(0))}H${widthPx}"/>`;
}

function circle({ x, y }: PlotArea, radiusMm: number): Markup {
  return markup`<circle class="limit" cx="${px(x.at(0))}" cy="${px(y.at(0))}" r="${px(x.at(radiusMm) - x.at(0))}"/>`;
}

/** An ellipse a stop, its distance at the right edge with a line to it, so that labels never overlap. */
function ellipses(area: PlotArea, stops: Stops, times: number): Content {
  const marks = stops
    .map(({ distanceMm, readOuts: { lateralOffsetMm } }) => ({
      text: chosen(distanceMm, "mm"),
      x: area.x.at(lateralOffsetMm.x.value),
      y: area.y.at(lateralOffsetMm.y.value),
      radiusX: Math.max(1.5, Math.abs(area.x.at(times * lateralOffsetMm.x.sigma) - area.x.at(0))),
      radiusY: Math.max(1.5, Math.abs(area.y.at(times * lateralOffsetMm.y.sigma) - area.y.at(0))),
    }))
    .toSorted((a, b) => a.y - b.y);
  const heights = spreadOut(
    marks.map(({ y }) => y),
    area.heightPx,
  );
  return marks.map(({ text, x, y, radiusX, radiusY }, i) => {
    const labelY = heights[i] as number;
    return markup`<ellipse class="ellipse" cx="${px(x)}" cy="${px(y)}" rx="${px(radiusX)}" ry="${px(radiusY)}"/><path class="gridline" d="M${px(x + radiusX)} ${px(y)}L${px(area.widthPx - 52)} ${px(labelY - 4)}"/><text class="plain" x="${px(area.widthPx - 6)}" y="${px(labelY)}" text-anchor="end">${text}</text>`;
  });
}

/** Sorted heights moved apart to at least a line's height, kept within the plot. */
function spreadOut(wanted: readonly number[], heightPx: number): number[] {
  const placed: number[] = [];
  for (const y of wanted) placed.push(Math.max(y + 4, (placed.at(-1) ?? 0) + labelHeightPx));
  const over = Math.max(0, (placed.at(-1) ?? 0) - (heightPx - 4));
  return placed.map((y) => y - over);
}
