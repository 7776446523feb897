import { errorOnOthers } from "../../calibration/color/color-fit.js";
import type { Calibration } from "../../schema/calibration.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";

function worstOf(record: PairCalibration, value: (stop: PairCalibration["stops"][number]) => number): number {
  return Math.max(...record.stops.map(value));
}

/** The few numbers that tell how good it is. */
function factsOf(record: Calibration): string {
  switch (record.kind) {
    case "sync": {
      const { skewUs } = record.verified ?? record.before;
      if (skewUs === null) return "skew assumed: a feedback wire is missing";
      return `skew ${skewUs.median.toFixed(1)} µs, 95 % of shots within ± ${skewUs.p95.toFixed(1)} µs`;
    }
    case "camera":
      return `error per point ${record.errors.rmsPointPx.toFixed(3)} px, ${record.errors.points} corners`;
    case "pair": {
      const lateralMm = worstOf(record, ({ readOuts: { lateralOffsetMm: offset } }) =>
        Math.max(offset.x.sigma, offset.y.sigma),
      );
      const overlayPx = worstOf(record, ({ readOuts }) => readOuts.overlayRmsPx ?? 0);
      return (
        `${record.views.filter(({ unused }) => unused === null).length} views, error per point ${record.errors.near.rmsPointPx.toFixed(3)} near, ` +
        `${record.errors.far.rmsPointPx.toFixed(3)} px far; lateral offset ± ${lateralMm.toFixed(2)} mm, ` +
        `overlay ${overlayPx.toFixed(3)} px`
      );
    }
    case "color": {
      const [best] = record.nearToFar ?? [];
      if (best === undefined) return "one arm";
      const { mean, max } = errorOnOthers(best);
      const what = record.refitOf === null ? "left out" : "for one session, colored patches";
      return `near to far, ${what}: ΔE00 ${mean.toFixed(2)} mean, ${max.toFixed(2)} greatest`;
    }
    case "light": {
      const strengths = record.ghost.flatMap(({ near, far }) => [near?.strength ?? 0, far?.strength ?? 0]);
      const veil = Math.max(...[record.veil.near, record.veil.far].flatMap((share) => share ?? [0]));
      return `ghost at most ${(100 * Math.max(0, ...strengths)).toFixed(1)} %, veil ${(100 * veil).toFixed(2)} %`;
    }
  }
}

/** A calibration in one line: what it is of, how good it is, its verdict. */
export function summaryLine(record: Calibration): string {
  return `${record.kind.padEnd(9)} ${record.verdict}  ${factsOf(record)}`;
}
