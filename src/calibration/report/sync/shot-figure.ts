import type { SyncRound } from "../../../schema/calibration-sync.js";
import type { Content } from "../markup.js";
import { figure } from "../page-parts.js";
import { dots, type Place } from "../plot/marks.js";
import { plot } from "../plot/plot-area.js";
import { valuesOf } from "./spread-figure.js";

/** Skew shot by shot: a trend or a jump shows here and in no histogram. */
export function shotFigure(before: SyncRound, verified: SyncRound | null): Content {
  const [first, second] = [
    valuesOf(before, ({ skewUs }) => skewUs),
    valuesOf(verified, ({ skewUs }) => skewUs),
  ];
  const all = [...first, ...second];
  if (all.length === 0) return null;
  const title = "Skew, shot by shot";
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max(0.08 * (high - low), 0.5);
  const placed = (values: readonly number[], from: number): Place[] =>
    values.map((y, i) => ({ x: from + i + 1, y }));
  const drawing = plot(
    {
      title,
      x: { label: "shot", from: 0, to: all.length + 1 },
      y: { label: "skew, µs", from: low - margin, to: high + margin },
      widthPx: 330,
      heightPx: 230,
    },
    (area) => [
      dots(area, placed(first, 0), "inlier big"),
      dots(area, placed(second, first.length), "second big"),
    ],
  );
  return figure(
    title,
    drawing,
    "In the order of firing: blue before, orange with the proposed delays. A slope or a jump means that something warms up or works loose.",
  );
}
