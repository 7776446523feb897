import type { GridMap } from "../../../schema/calibration-geometry.js";
import type { Markup } from "../markup.js";
import { figure } from "../page-parts.js";
import { heatMap } from "../plot/heat-map.js";
import { errorValues, type ValueScale } from "../plot/value-scale.js";

/** A map of an error: dark is good; samples are unknown where one of a pair's cameras does not see. */
export function errorMapFigure(
  map: GridMap,
  title: string,
  howToRead: string,
  options: { readonly boxPx?: number; readonly scale?: ValueScale } = {},
): Markup {
  const { boxPx = 330, scale = errorValues(map.values) } = options;
  const drawing = heatMap({ map, title, widthPx: boxPx, heightPx: boxPx, scale });
  const colors = scale.isLogarithmic ? " Colors are logarithmic." : "";
  const blank = map.values.includes(null) ? " Blank: not seen by both cameras." : "";
  return figure(
    title,
    drawing,
    `${howToRead} Numbers: middle, quarters, corners, ${map.unit}.${colors}${blank}`,
  );
}
