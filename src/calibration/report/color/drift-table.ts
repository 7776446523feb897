import { colorCheckerPatches } from "../../../color/color-checker.js";
import type { ColorCalibration } from "../../../schema/calibration-color.js";
import { type Content, markup } from "../markup.js";
import { fixed } from "../numbers.js";
import { numberColumn, paragraph, table, textColumn } from "../page-parts.js";

const names = { near: "near camera", far: "far camera", pair: "near mapped to far" } as const;

/** How far colors moved since the calibration before. */
export function driftTable({ drift }: ColorCalibration): Content {
  if (drift === null) return paragraph("There is no earlier color calibration of this rig to compare with.");
  const rows = (["near", "far", "pair"] as const).map((part): Content[] => {
    const deltas = drift[part];
    if (deltas === null) return [names[part], "–", "–", "not known"];
    // Fewer than 24: patches were left out, and the record does not say which.
    const worst = deltas.each.length === colorCheckerPatches.length ? deltas.each.indexOf(deltas.max) : -1;
    return [names[part], fixed(deltas.mean, 2), fixed(deltas.max, 2), colorCheckerPatches[worst] ?? "–"];
  });
  return [
    paragraph(markup`Since <code>${drift.since}</code>:`),
    table(
      [textColumn("Part"), numberColumn("mean ΔE00"), numberColumn("max ΔE00"), textColumn("worst patch")],
      rows,
    ),
  ];
}
