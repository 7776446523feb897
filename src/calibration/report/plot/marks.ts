/** Dots, arrows and lines, many of them in one path. */
import { type Content, type Markup, markup } from "../markup.js";
import { type PlotArea, pathOf, px } from "./plot-area.js";

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Arrow extends Place {
  /** From (x, y), in the same units. */
  readonly dx: number;
  readonly dy: number;
}

/** Round dots of one class or color. */
export function dots(
  { x, y }: PlotArea,
  places: readonly Place[],
  className: string,
  color?: string,
): Markup {
  const commands = places.map((place) => `M${px(x.at(place.x))} ${px(y.at(place.y))}h0`);
  return pathOf(commands, `dots ${className}`, stroke(color));
}

/** Lines from each place along its arrow, with a dot where it begins. */
export function arrows(area: PlotArea, all: readonly Arrow[], className: string, color?: string): Markup {
  const { x, y } = area;
  const commands = all.map((arrow) => {
    const [startX, startY] = [x.at(arrow.x), y.at(arrow.y)];
    const [endX, endY] = [x.at(arrow.x + arrow.dx), y.at(arrow.y + arrow.dy)];
    return `M${px(startX)} ${px(startY)}l${px(endX - startX)} ${px(endY - startY)}`;
  });
  return markup`${pathOf(commands, className, stroke(color))}${dots(area, all, `${className} foot`, color)}`;
}

/** Straight lines from place to place. */
export function polyline({ x, y }: PlotArea, places: readonly Place[], className: string): Markup {
  const commands = places.map(
    (place, i) => `${i === 0 ? "M" : "L"}${px(x.at(place.x))} ${px(y.at(place.y))}`,
  );
  return pathOf(commands, className);
}

/** Text at a place of the plot, `shiftPx` aside and down. */
export function label(
  { x, y }: PlotArea,
  place: Place,
  text: string,
  className = "halo",
  [right, down]: readonly [number, number] = [0, 4],
  anchor: "start" | "middle" | "end" = "middle",
): Markup {
  return markup`<text class="${className}" x="${px(x.at(place.x) + right)}" y="${px(y.at(place.y) + down)}" text-anchor="${anchor}">${text}</text>`;
}

function stroke(color: string | undefined): Content {
  return color === undefined ? null : markup`stroke="${color}"`;
}
