/** A drawing with two axes. */

import { ticks } from "../../../stats/nice-numbers.js";
import { type Content, type Markup, markup } from "../markup.js";
import { linearScale, type Scale } from "./scale.js";

export interface Axis {
  /** With its unit: `x, px`. */
  readonly label: string;
  /** At the left, or at the bottom; may be the greater one. */
  readonly from: number;
  readonly to: number;
  /** Of things that are counted: ticks at whole numbers only. */
  readonly whole?: boolean;
}

export interface PlotOptions {
  /** Said to who cannot see it. */
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Of the plotted area, px. With `equalScale` the area fits into it and keeps its proportions. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly equalScale?: boolean;
  /** Room at the right of the area for a color bar or a legend. */
  readonly rightPx?: number;
  /** Drawn at the right, its origin at the area's top right corner. */
  readonly beside?: (area: PlotArea) => Content;
}

export interface PlotArea {
  readonly x: Scale;
  readonly y: Scale;
  readonly widthPx: number;
  readonly heightPx: number;
}

const margin = { left: 58, top: 10, bottom: 40, right: 14 };

/** Draws axes with ticks and what `draw` gives, cut at the area's edges. */
export function plot(options: PlotOptions, draw: (area: PlotArea) => Content): Markup {
  const { widthPx, heightPx } = areaSize(options);
  const x = linearScale(options.x.from, options.x.to, 0, widthPx);
  const y = linearScale(options.y.from, options.y.to, heightPx, 0);
  const whole = {
    width: margin.left + widthPx + margin.right + (options.rightPx ?? 0),
    height: margin.top + heightPx + margin.bottom,
  };
  const area: PlotArea = { x, y, widthPx, heightPx };
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${whole.width}" height="${whole.height}" viewBox="0 0 ${whole.width} ${whole.height}"><title>${options.title}</title><g transform="translate(${margin.left} ${margin.top})"><svg width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" overflow="hidden"><rect class="area" width="${widthPx}" height="${heightPx}"/>${draw(area)}</svg><rect class="edge" width="${widthPx}" height="${heightPx}"/>${bottomAxis(x, options.x.label, widthPx, heightPx)}${leftAxis(y, options.y, heightPx)}${options.beside === undefined ? null : at(widthPx, 0, options.beside(area))}</g></svg>`;
}

/** Moved by (x, y) px. */
export function at(x: number, y: number, content: Content): Markup {
  return markup`<g transform="translate(${px(x)} ${px(y)})">${content}</g>`;
}

/** A place to a tenth of a px. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A path's text: numbers as they were put in, nothing to escape. */
export function pathOf(commands: readonly string[], className: string, attributes: Content = null): Markup {
  if (commands.length === 0) return markup``;
  return markup`<path class="${className}" ${attributes} d="${commands.join("")}"/>`;
}

function areaSize({ x, y, widthPx = 300, heightPx = 240, equalScale }: PlotOptions): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  if (equalScale !== true) return { widthPx, heightPx };
  const ratio = Math.abs(y.to - y.from) / Math.abs(x.to - x.from);
  return ratio * widthPx <= heightPx
    ? { widthPx, heightPx: Math.round(ratio * widthPx) }
    : { widthPx: Math.round(heightPx / ratio), heightPx };
}

function bottomAxis(scale: Scale, label: string, widthPx: number, heightPx: number): Markup {
  const marks = ticks(scale.from, scale.to, Math.max(2, Math.round(widthPx / 65))).map(
    ({ value, text }) =>
      markup`<path class="edge" d="M${px(scale.at(value))} ${heightPx}v4"/><text x="${px(scale.at(value))}" y="${heightPx + 16}" text-anchor="middle">${text}</text>`,
  );
  return markup`${marks}<text class="label" x="${px(widthPx / 2)}" y="${heightPx + 33}" text-anchor="middle">${label}</text>`;
}

function leftAxis(scale: Scale, { label, whole }: Axis, heightPx: number): Markup {
  const count = Math.max(2, Math.round(heightPx / 50));
  const marks = ticks(scale.from, scale.to, count, whole === true ? 1 : 0).map(
    ({ value, text }) =>
      markup`<path class="edge" d="M0 ${px(scale.at(value))}h-4"/><text x="-7" y="${px(scale.at(value) + 4)}" text-anchor="end">${text}</text>`,
  );
  return markup`${marks}<text class="label" transform="translate(-46 ${px(heightPx / 2)}) rotate(-90)" text-anchor="middle">${label}</text>`;
}
