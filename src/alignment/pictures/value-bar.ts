/** A bar of colors with its ticks, in the legend's strip. */
import type { Rgb } from "../../color/palettes.js";
import { ticks } from "../../stats/nice-numbers.js";
import { type Sheet, words } from "./sheet.js";

/** The bar's place in the strip's design. */
const bar = { x: 40, y: 48, width: 470, height: 26 };

export interface ValueBar {
  readonly from: number;
  readonly to: number;
  /** Color of a share of the way from `from` to `to`. */
  readonly color: (share: number) => Rgb;
  /** Stands above the bar, with the unit. */
  readonly title: string;
}

export function drawValueBar(sheet: Sheet, { from, to, color, title }: ValueBar): void {
  sheet.paintStrip(bar, color);
  const marks = ticks(from, to, 4).map(({ value, text }) => {
    const x = bar.x + (bar.width * (value - from)) / (to - from);
    return `<path d="M${x} ${bar.y + bar.height}v7" stroke="#e6e8ea" stroke-width="2"/>${words(x, bar.y + bar.height + 34, text, "middle")}`;
  });
  sheet.drawInStrip(words(bar.x, 34, title) + marks.join(""));
}
