import type { GridMap, PairCalibration } from "../../../schema/calibration-geometry.js";
import { stopNames } from "../../record/stop-names.js";
import { errorMapFigure } from "../camera/error-map-figure.js";
import type { Content } from "../markup.js";
import { chosen } from "../numbers.js";
import { paragraph, row, subsection } from "../page-parts.js";
import { errorValues } from "../plot/value-scale.js";

interface StopMap {
  readonly distanceMm: number;
  readonly map: GridMap;
}

const boxPx = 250;

/** Uncertainty and cross-validation of the mapping over the eye plane, a map a stop. */
export function eyePlaneMaps({ uncertainty, crossValidation }: PairCalibration): Content {
  return [
    maps(
      uncertainty,
      "Uncertainty over the eye plane",
      "Standard deviation of the mapping from far to near where faces stand, px of the canonical image.",
      "No uncertainty maps were stored.",
    ),
    maps(
      crossValidation,
      "Cross-validation over the eye plane",
      "Distance between the mappings of two halves of the views, px of the canonical image: about twice the uncertainty is noise, much more is an error of the model.",
      "No cross-validation: too few views to halve.",
    ),
  ];
}

function maps(all: readonly StopMap[], title: string, howToRead: string, none: string): Content {
  if (all.length === 0) return paragraph(none);
  const scale = errorValues(all.flatMap(({ map }) => map.values));
  return subsection(
    title,
    paragraph(`${howToRead} Colors mean the same at all stops.`),
    row(
      stopNames(all, (distanceMm) => chosen(distanceMm, "mm")).map((name, i) =>
        errorMapFigure((all[i] as StopMap).map, `Near at ${name}`, "Dark is good.", { boxPx, scale }),
      ),
    ),
  );
}
