/** Counts of values, with a curve over them to compare with. */
import type { Markup } from "../markup.js";
import { type Content, markup } from "../markup.js";
import { polyline } from "./marks.js";
import { plot, px } from "./plot-area.js";

export interface HistogramOptions {
  readonly title: string;
  /** With unit. */
  readonly xLabel: string;
  /** What is counted. */
  readonly yLabel: string;
  readonly from: number;
  readonly to: number;
  readonly bins: number;
  /** Density of the curve, its area 1 over all x; null: none. */
  readonly density?: (value: number) => number;
  /** Sets of values drawn over each other, each with its class. Values outside fall into no bin. */
  readonly sets: readonly { readonly values: readonly number[]; readonly className: string }[];
  readonly widthPx?: number;
  readonly heightPx?: number;
}

export function histogram(options: HistogramOptions): Markup {
  const { from, to, bins, density, sets } = options;
  const width = (to - from) / bins;
  const counts = sets.map(({ values }) => countsOf(values, from, width, bins));
  const total = sets[0]?.values.length ?? 0;
  const curve = Array.from({ length: 101 }, (_, i) => {
    const x = from + ((to - from) * i) / 100;
    return { x, y: density === undefined ? 0 : density(x) * total * width };
  });
  const top = Math.max(1, ...counts.flat(), ...curve.map(({ y }) => y)) * 1.08;
  return plot(
    {
      title: options.title,
      x: { label: options.xLabel, from, to },
      y: { label: options.yLabel, from: 0, to: top, whole: true },
      widthPx: options.widthPx ?? 330,
      heightPx: options.heightPx ?? 230,
    },
    (area): Content => [
      sets.map(({ className }, set) =>
        (counts[set] as readonly number[]).map((count, bin) => {
          if (count === 0) return null;
          const [left, right] = [area.x.at(from + bin * width), area.x.at(from + (bin + 1) * width)];
          const y = area.y.at(count);
          return markup`<rect class="bar ${className}" x="${px(left + 0.5)}" y="${px(y)}" width="${px(Math.max(0.5, right - left - 1))}" height="${px(area.heightPx - y)}"/>`;
        }),
      ),
      density === undefined ? null : polyline(area, curve, "curve"),
    ],
  );
}

function countsOf(values: readonly number[], from: number, width: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor((value - from) / width);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** Of a normal distribution about 0. */
export function gaussian(sigma: number): (value: number) => number {
  return (value) => Math.exp(-0.5 * (value / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
}
