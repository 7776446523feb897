import type { CalibrationBoard } from "../../../schema/calibration-geometry.js";
import { niceAbove } from "../../../stats/nice-numbers.js";
import { type Content, type Markup, markup } from "../markup.js";
import { chosen, fixed, significant } from "../numbers.js";
import { figure, paragraph } from "../page-parts.js";
import { colorBar } from "../plot/color-bar.js";
import { diverging } from "../plot/color-map.js";
import { arrows } from "../plot/marks.js";
import { type PlotArea, plot, px } from "../plot/plot-area.js";
import { extentOf, linearValues } from "../plot/value-scale.js";

/** How the board was found to be bent, and where its corners really lie. */
export function boardFigure(board: CalibrationBoard): Markup {
  const { id, cornersMm, warpMm, shapeMm } = board;
  const title = `Board ${id}`;
  if (warpMm === null && shapeMm === null) {
    return paragraph(
      `${title}: ${cornersMm.length} corners, squares of ${board.squareMm} mm, taken to be flat and true.`,
    );
  }
  const heights = heightsOf(board);
  const greatest = Math.max(...heights.map(Math.abs), 1e-6);
  const spots = cornersMm.map(([x, y], i) => ({ x, y, height: heights[i] as number }));
  const extent = boundsOf(board);
  const moved = shapeMm?.map(([dx, dy]) => Math.hypot(dx, dy)) ?? [];
  const times = moved.length === 0 ? 1 : niceAbove((0.5 * board.squareMm) / Math.max(...moved, 1e-9)) / 2;
  const drawing = plot(
    {
      title,
      x: { label: "x on the board, mm", from: extent.left, to: extent.right },
      y: { label: "y on the board, mm", from: extent.bottom, to: extent.top },
      widthPx: 360,
      heightPx: 300,
      equalScale: true,
      rightPx: 80,
      beside: ({ heightPx }) => colorBar(heightPx, linearValues([-greatest, greatest]), diverging, "mm"),
    },
    (area): Content => [
      spots.map(({ x, y, height }) => spotMark(area, board.squareMm, x, y, height / greatest)),
      shapeMm === null
        ? null
        : arrows(
            area,
            spots.map(({ x, y }, i) => ({
              x,
              y,
              dx: (shapeMm[i]?.[0] ?? 0) * times,
              dy: (shapeMm[i]?.[1] ?? 0) * times,
            })),
            "on-color",
          ),
    ],
  );
  return figure(title, drawing, `${warpText(warpMm)} Color: out of the plane, mm.${shapeText(moved, times)}`);
}

/** Out of the nominal plane, mm, of each corner: the two terms of the warp and the shape found. */
function heightsOf({ cornersMm, warpMm, shapeMm }: CalibrationBoard): number[] {
  const [a, b] = warpMm ?? [0, 0];
  const [xs, ys] = [centred(cornersMm.map(([x]) => x)), centred(cornersMm.map(([, y]) => y))];
  return cornersMm.map((_, i) => {
    const [x, y] = [xs[i] as number, ys[i] as number];
    return a * (1 - x * x) + b * (1 - y * y) + (shapeMm?.[i]?.[2] ?? 0);
  });
}

/** From -1 to 1 over the values. */
function centred(values: readonly number[]): number[] {
  const [low, high] = extentOf(values);
  return values.map((value) => (high > low ? (2 * value - low - high) / (high - low) : 0));
}

function boundsOf({
  cornersMm,
  squareMm,
}: CalibrationBoard): Record<"left" | "right" | "top" | "bottom", number> {
  const xs = cornersMm.map(([x]) => x);
  const ys = cornersMm.map(([, y]) => y);
  return {
    left: Math.min(...xs) - squareMm,
    right: Math.max(...xs) + squareMm,
    top: Math.min(...ys) - squareMm,
    bottom: Math.max(...ys) + squareMm,
  };
}

function spotMark(area: PlotArea, squareMm: number, x: number, y: number, share: number): Markup {
  const radius = Math.abs(area.x.at(0.36 * squareMm) - area.x.at(0));
  return markup`<circle cx="${px(area.x.at(x))}" cy="${px(area.y.at(y))}" r="${px(radius)}" fill="${diverging(0.5 + share / 2)}"/>`;
}

function warpText(warpMm: readonly [number, number] | null): string {
  return warpMm === null
    ? "The board was held flat in the solve."
    : `Bend of the middle out of the plane of the ends: ${fixed(warpMm[0], 3)} mm across, ${fixed(warpMm[1], 3)} mm down.`;
}

function shapeText(moved: readonly number[], times: number): string {
  if (moved.length === 0) return "";
  const rms = Math.sqrt(moved.reduce((sum, length) => sum + length * length, 0) / moved.length);
  return ` Arrows: from the nominal place to where a corner was found, ${chosen(times, "")} times too long; rms ${significant(rms)} mm, greatest ${significant(Math.max(...moved))} mm.`;
}
