/** The report on color. */
import type { ColorCalibration } from "../../../schema/calibration-color.js";
import { type Content, markup } from "../markup.js";
import { paragraph, section } from "../page-parts.js";
import { armLightFigures, darkTable } from "./arm-light.js";
import { chartFacts } from "./chart-facts.js";
import { driftTable } from "./drift-table.js";
import { armFits, fitTable, namedFits, patchTable } from "./fit-tables.js";
import { linearityFigures } from "./linearity-figures.js";
import { matrixTables } from "./matrix-tables.js";
import { armSwatches, pairSwatches } from "./swatch-figures.js";

export function colorSections(record: ColorCalibration): readonly Content[] {
  const fits = namedFits(record);
  return [
    section(
      "Color differences",
      record.refitOf === null
        ? null
        : paragraph(
            markup`A correction for one session of <code>${record.refitOf}</code> by the grays of the chart.`,
          ),
      fitTable(fits),
    ),
    section(
      "The chart",
      chartFacts(record),
      armSwatches(record, "near"),
      armSwatches(record, "far"),
      pairSwatches(record),
    ),
    section("Each patch", patchTable(fits)),
    section("Maps", matrixTables(record, armFits(record))),
    section("Dark, flat and straight", darkTable(record), armLightFigures(record), linearityFigures(record)),
    section("Drift", driftTable(record)),
  ];
}
