import type { SyncRound } from "../../../schema/calibration-sync.js";
import { type Content, markup } from "../markup.js";
import { counted } from "../numbers.js";
import { figure } from "../page-parts.js";
import { histogram } from "../plot/histogram.js";

type Shot = SyncRound["shots"][number];

export function valuesOf(round: SyncRound | null, value: (shot: Shot) => number | null): number[] {
  return (round?.shots ?? []).map(value).filter((us) => us !== null);
}

/** One quantity before and after the delays were set; null when it was never measured. */
export function spreadFigure(
  title: string,
  before: SyncRound,
  verified: SyncRound | null,
  value: (shot: Shot) => number | null,
): Content {
  const sets = [
    { values: valuesOf(before, value), className: "" },
    { values: valuesOf(verified, value), className: "after" },
  ];
  const all = sets.flatMap(({ values }) => values);
  if (all.length === 0) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max(0.06 * (high - low), 0.5);
  const drawing = histogram({
    title,
    xLabel: "µs",
    yLabel: "shots",
    from: low - margin,
    to: high + margin,
    bins: Math.round(Math.min(40, Math.max(8, 2 * Math.sqrt(all.length)))),
    sets,
  });
  const missing = before.shots.length + (verified?.shots.length ?? 0) - all.length;
  return figure(
    title,
    markup`${drawing}`,
    `Blue: before (${counted(sets[0]?.values.length ?? 0, "shot")}), orange: with the proposed delays (${counted(sets[1]?.values.length ?? 0, "shot")}).` +
      (missing > 0
        ? ` ${counted(missing, "shot")} gave no edge.`
        : " Narrow is steady; the place can be set, the width cannot."),
  );
}
