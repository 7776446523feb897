import { type Markup, markup } from "../markup.js";
import type { ColorMap } from "./color-map.js";
import { px } from "./plot-area.js";
import type { ValueScale } from "./value-scale.js";

/** Steps of color: enough that their edges are not seen, few enough that equal neighbors are drawn as one. */
export const colorSteps = 40;

/** Beside a plot: which color is which value. */
export function colorBar(heightPx: number, scale: ValueScale, colors: ColorMap, unit: string): Markup {
  const step = heightPx / colorSteps;
  const bars = Array.from(
    { length: colorSteps },
    (_, i) =>
      markup`<rect x="14" y="${px(heightPx - (i + 1) * step)}" width="12" height="${px(step + 0.6)}" fill="${colors((i + 0.5) / colorSteps)}"/>`,
  );
  const marks = scale.ticks(Math.max(2, Math.round(heightPx / 50))).map(({ value, text }) => {
    const y = (1 - scale.share(value)) * heightPx;
    return markup`<path class="edge" d="M26 ${px(y)}h4"/><text x="33" y="${px(y + 4)}">${text}</text>`;
  });
  return markup`${bars}${marks}<text class="label" x="14" y="${heightPx + 16}">${unit}</text>`;
}
