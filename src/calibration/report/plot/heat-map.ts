/** A grid of values as filled cells, with contours, numbers where one looks first, and a color bar. */
import type { GridMap } from "../../../schema/calibration-geometry.js";
import { type Content, type Markup, markup } from "../markup.js";
import { significant } from "../numbers.js";
import { colorBar, colorSteps } from "./color-bar.js";
import { sequential } from "./color-map.js";
import { contourPath } from "./contour.js";
import { label, type Place } from "./marks.js";
import { type PlotArea, plot, px } from "./plot-area.js";
import { extentOf, linearValues, type ValueScale } from "./value-scale.js";

export interface HeatMapOptions {
  readonly map: GridMap;
  readonly title: string;
  /** What x and y count, where the map's own unit does not say it. */
  readonly placeUnit?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** What the colors mean; from the map's least to its greatest value unless given. */
  readonly scale?: ValueScale;
  /** Printed at the middle, the quarters and the corners; three significant digits unless given. */
  readonly text?: (value: number) => string;
}

export function heatMap(options: HeatMapOptions): Markup {
  const { map, title, widthPx = 330, heightPx = 330, placeUnit = map.placeUnit } = options;
  const scale = options.scale ?? linearValues(extentOf(map.values));
  const text = options.text ?? ((value: number) => significant(value, 3));
  return plot(
    {
      title,
      x: { label: `x, ${placeUnit}`, from: map.from[0], to: map.to[0] },
      // Both image and plane have y down.
      y: { label: `y, ${placeUnit}`, from: map.to[1], to: map.from[1] },
      widthPx,
      heightPx,
      equalScale: true,
      rightPx: 74,
      beside: ({ heightPx: height }) => colorBar(height, scale, sequential, map.unit),
    },
    (area) => [
      cells(area, map, scale),
      scale.ticks(8).map(({ value }) => contourPath(area, map, value)),
      keyNumbers(area, map, text),
    ],
  );
}

/** One path a color: runs of equal cells along a row are one rectangle. */
function cells(area: PlotArea, map: GridMap, scale: ValueScale): Content {
  const { columns, rows, values } = map;
  const paths = new Map<number, string[]>();
  const stepOf = (row: number, column: number): number | null => {
    const value = values[row * columns + column] ?? null;
    if (value === null) return null;
    return Math.min(colorSteps - 1, Math.max(0, Math.floor(scale.share(value) * colorSteps)));
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; ) {
      const step = stepOf(row, column);
      let end = column + 1;
      while (end < columns && stepOf(row, end) === step) end++;
      if (step !== null) {
        const path = paths.get(step) ?? [];
        path.push(`M${column} ${row}h${end - column}v1h${column - end}z`);
        paths.set(step, path);
      }
      column = end;
    }
  }
  // A sample colors the cell around it, so the outermost cells reach half a cell over the edge.
  const [cellX, cellY] = [area.widthPx / Math.max(1, columns - 1), area.heightPx / Math.max(1, rows - 1)];
  const drawn = [...paths].map(
    ([step, path]) =>
      markup`<path shape-rendering="crispEdges" fill="${sequential((step + 0.5) / colorSteps)}" d="${path.join("")}"/>`,
  );
  return markup`<g transform="translate(${px(-cellX / 2)} ${px(-cellY / 2)}) scale(${cellX.toFixed(4)} ${cellY.toFixed(4)})">${drawn}</g>`;
}

/** Shares of width and height of the known part: the middle, a quarter in, the corners. */
const keyPlaces = [
  [0.5, 0.5, "middle"],
  [0.25, 0.25, "middle"],
  [0.75, 0.75, "middle"],
  [0, 0, "start"],
  [1, 0, "end"],
  [0, 1, "start"],
  [1, 1, "end"],
] as const;

function keyNumbers(area: PlotArea, map: GridMap, text: (value: number) => string): Content {
  const box = knownBox(map);
  return keyPlaces.map(([right, down, anchor]) => {
    const found = outermost(map, box, right, down);
    if (found === null) return null;
    const aside = anchor === "start" ? 4 : anchor === "end" ? -4 : 0;
    const below = down === 0 ? 14 : down === 1 ? -5 : 4;
    return label(area, found, text(found.value), "halo", [aside, below], anchor);
  });
}

/** Columns and rows between which all known samples lie. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function knownBox({ columns, values }: GridMap): Box {
  const known = values.flatMap((value, i) => (value === null ? [] : [i]));
  const [left, right] = extentOf(known.map((i) => i % columns));
  const [top, bottom] = extentOf(known.map((i) => Math.floor(i / columns)));
  return { left, right, top, bottom };
}

/** The sample there, or the first known one from there to the box's middle. */
function outermost(
  map: GridMap,
  box: Box,
  right: number,
  down: number,
): (Place & { readonly value: number }) | null {
  const steps = Math.max(map.columns, map.rows);
  for (let step = 0; step <= steps; step++) {
    const inward = (share: number): number => share + ((0.5 - share) * step) / steps;
    const column = Math.round(box.left + inward(right) * (box.right - box.left));
    const row = Math.round(box.top + inward(down) * (box.bottom - box.top));
    const value = map.values[row * map.columns + column] ?? null;
    if (value === null) continue;
    const along = (axis: 0 | 1, index: number, count: number): number =>
      map.from[axis] + (index / Math.max(1, count - 1)) * (map.to[axis] - map.from[axis]);
    return { x: along(0, column, map.columns), y: along(1, row, map.rows), value };
  }
  return null;
}
