/** Names of places, set beside the plot with lines to them, so that places which lie close together can be told. */
import { type Content, markup } from "../markup.js";
import type { Place } from "./marks.js";
import { type PlotArea, px } from "./plot-area.js";

export interface NamedPlace extends Place {
  readonly name: string;
}

/** Of the plot's right side, for {@link sideNames}. */
export const sideNamesPx = 92;

const lineHeightPx = 14;

/** From each place to the plot's right edge, where its name stands. */
export function sideLeads(area: PlotArea, places: readonly NamedPlace[]): Content {
  return besideHeights(area, places).map(
    ({ place, y }) =>
      markup`<path class="gridline" d="M${px(area.x.at(place.x))} ${px(area.y.at(place.y))}L${area.widthPx} ${px(y)}"/>`,
  );
}

/** The names, their origin at the plot's top right corner. */
export function sideNames(area: PlotArea, places: readonly NamedPlace[]): Content {
  return besideHeights(area, places).map(
    ({ place, y }) => markup`<text class="plain" x="6" y="${px(y + 4)}">${place.name}</text>`,
  );
}

/** The places' heights, moved apart to at least a line's height and kept within the plot. */
function besideHeights(
  { x, y, heightPx }: PlotArea,
  places: readonly NamedPlace[],
): { readonly place: NamedPlace; readonly y: number }[] {
  const sorted = places.toSorted((a, b) => y.at(a.y) - y.at(b.y) || x.at(b.x) - x.at(a.x));
  const heights: number[] = [];
  for (const place of sorted) heights.push(Math.max(y.at(place.y), (heights.at(-1) ?? 0) + lineHeightPx));
  const over = Math.max(0, (heights.at(-1) ?? 0) - (heightPx - lineHeightPx / 2));
  return sorted.map((place, i) => ({ place, y: (heights[i] as number) - over }));
}
