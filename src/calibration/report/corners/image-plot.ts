/** A plot whose area is an image: x to the right, y down, px. */
import type { Content, Markup } from "../markup.js";
import { type PlotArea, plot } from "../plot/plot-area.js";

export type ImageSize = readonly [number, number];

export interface ImagePlotOptions {
  readonly title: string;
  readonly imageSizePx: ImageSize;
  /** Box that the drawing fits into; 330 unless given. */
  readonly boxPx?: number;
  readonly rightPx?: number;
  readonly beside?: (area: PlotArea) => Content;
}

export function imagePlot(options: ImagePlotOptions, draw: (area: PlotArea) => Content): Markup {
  const { imageSizePx, boxPx = 330, ...rest } = options;
  const [width, height] = imageSizePx;
  return plot(
    {
      ...rest,
      x: { label: "x, px", from: -0.5, to: width - 0.5 },
      y: { label: "y, px", from: height - 0.5, to: -0.5 },
      widthPx: boxPx,
      heightPx: boxPx,
      equalScale: true,
    },
    draw,
  );
}
