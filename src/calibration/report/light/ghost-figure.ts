import type { LightCalibration } from "../../../schema/calibration-color.js";
import { type Content, markup } from "../markup.js";
import { chosen } from "../numbers.js";
import { figure } from "../page-parts.js";
import { plot, px } from "../plot/plot-area.js";
import { sideLeads, sideNames, sideNamesPx } from "../plot/side-names.js";

/** Radius of the rings. */
const ringPx = 0.5;

/** Where the ghost lies from the main image, seen and expected. */
export function ghostFigure({ ghost }: LightCalibration, arm: "near" | "far"): Content {
  const seen = ghost.flatMap((stop) => {
    const own = stop[arm];
    return own === null ? [] : [{ distanceMm: stop.distanceMm, ...own }];
  });
  if (seen.length === 0) return null;
  const title = `Ghost offset, ${arm} camera`;
  const places = seen.flatMap(({ offsetPx, expectedOffsetPx }) => [
    offsetPx,
    ...(expectedOffsetPx === null ? [] : [expectedOffsetPx]),
  ]);
  const [middleX, middleY] = [middleOf(places.map(([x]) => x)), middleOf(places.map(([, y]) => y))];
  const reach =
    1.5 + 1.2 * Math.max(...places.map(([x, y]) => Math.max(Math.abs(x - middleX), Math.abs(y - middleY))));
  const named = seen.map(({ distanceMm, offsetPx: [x, y] }) => ({ x, y, name: chosen(distanceMm, "mm") }));
  const drawing = plot(
    {
      title,
      x: { label: "x from the main image, px", from: middleX - reach, to: middleX + reach },
      y: { label: "y from the main image, px", from: middleY + reach, to: middleY - reach },
      widthPx: 280,
      heightPx: 280,
      equalScale: true,
      rightPx: sideNamesPx,
      beside: (area) => sideNames(area, named),
    },
    (area) => [
      markup`<path class="guide" d="M${px(area.x.at(0))} 0V${area.heightPx}M0 ${px(area.y.at(0))}H${area.widthPx}"/>`,
      sideLeads(area, named),
      seen.map(({ offsetPx: [x, y], expectedOffsetPx }) => [
        expectedOffsetPx === null
          ? null
          : markup`<circle class="limit" cx="${px(area.x.at(expectedOffsetPx[0]))}" cy="${px(area.y.at(expectedOffsetPx[1]))}" r="${px(area.x.at(ringPx) - area.x.at(0))}"/>`,
        markup`<circle class="pupil" cx="${px(area.x.at(x))}" cy="${px(area.y.at(y))}" r="3"/>`,
      ]),
    ],
  );
  return figure(
    title,
    drawing,
    `Dots: the second image that the plate's other face makes, with its stop. Red rings of ${ringPx} px: where thickness, index and angle of the plate put it.`,
  );
}

function middleOf(values: readonly number[]): number {
  return (Math.min(...values) + Math.max(...values)) / 2;
}
