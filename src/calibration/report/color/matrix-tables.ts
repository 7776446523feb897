import type { ColorCalibration, ColorFit } from "../../../schema/calibration-color.js";
import { type Content, type Markup, markup } from "../markup.js";
import { fixed } from "../numbers.js";
import { numberColumn, row, subsection, table, textColumn } from "../page-parts.js";
import { type NamedFit, pairFits } from "./fit-tables.js";

const termNames: Readonly<Record<ColorFit["method"], readonly string[]>> = {
  matrix: ["r", "g", "b"],
  "root-polynomial-2": ["r", "g", "b", "√(rg)", "√(gb)", "√(rb)"],
};

/** The numbers of every map. */
export function matrixTables(record: ColorCalibration, toXyz: readonly NamedFit[]): Content {
  return row(
    pairFits(record).map(({ name, fit }) => matrixTable(name, fit, ["R", "G", "B"])),
    toXyz.map(({ name, fit }) => matrixTable(name, fit, ["X", "Y", "Z"])),
  );
}

function matrixTable(name: string, { method, rows }: ColorFit, results: readonly string[]): Markup {
  const body = rows.map((values, i): Content[] => [
    results[i] ?? "",
    ...values.map((value) => fixed(value, 5)),
  ]);
  return markup`<div>${subsection(name, table([textColumn(""), ...termNames[method].map(numberColumn)], body, "compact"))}</div>`;
}
