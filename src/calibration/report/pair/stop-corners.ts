import type { PairCalibration } from "../../../schema/calibration-geometry.js";
import { stopNames } from "../../record/stop-names.js";
import { coverageFigure } from "../corners/coverage-figure.js";
import { directionFigure } from "../corners/direction-figure.js";
import { regionFigure } from "../corners/region-figure.js";
import { residualHistogram } from "../corners/residual-histogram.js";
import { type ResidualPoint, residualPoints } from "../corners/residual-points.js";
import { vectorFigure } from "../corners/vector-figure.js";
import type { Content, Markup } from "../markup.js";
import { chosen } from "../numbers.js";
import { row, subsection } from "../page-parts.js";

type ArmName = "near" | "far";

/** Dots in one plot of all stops, and of one stop. */
const drawnOfAll = 3000;
const drawnOfStop = 900;
const stopBoxPx = 250;

function pointsOf({ views }: PairCalibration, arm: ArmName, stop?: number): ResidualPoint[] {
  const wanted = stop === undefined ? views : views.filter((view) => view.stop === stop);
  return residualPoints(wanted.map((view) => view[arm]));
}

/** One arm over all its stops. */
export function allCornersRow(record: PairCalibration, arm: ArmName): Content {
  const points = pointsOf(record, arm);
  const size = arm === "far" ? record.far.imageSizePx : record.stops[0]?.near.imageSizePx;
  if (size === undefined) return null;
  const name = `${arm} arm`;
  return row(
    vectorFigure(points, size, name, drawnOfAll),
    directionFigure(points, size, name, drawnOfAll),
    regionFigure(points, size, name),
    residualHistogram(points, record.errors[arm].noiseSigmaPx, name),
  );
}

/** Both arms of each stop. */
export function stopCorners(record: PairCalibration): Content {
  const names = stopNames(record.stops, (distanceMm) => chosen(distanceMm, "mm"));
  return record.stops.map(({ near }, stop): Markup => {
    const stopName = names[stop] as string;
    const figures = (arm: ArmName, size: readonly [number, number]): Content => {
      const points = pointsOf(record, arm, stop);
      const name = `${arm} at ${stopName}`;
      return row(
        coverageFigure(points, size, name, drawnOfStop, stopBoxPx),
        vectorFigure(points, size, name, drawnOfStop, stopBoxPx),
        regionFigure(points, size, name, stopBoxPx),
      );
    };
    return subsection(
      `Near camera at ${stopName}`,
      figures("near", near.imageSizePx),
      figures("far", record.far.imageSizePx),
    );
  });
}
