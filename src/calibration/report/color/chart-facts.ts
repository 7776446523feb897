import { colorCheckerPatches } from "../../../color/color-checker.js";
import type { ChartSighting, ColorCalibration } from "../../../schema/calibration-color.js";
import { type Content, markup } from "../markup.js";
import { fixed, percent, significant } from "../numbers.js";
import { facts } from "../page-parts.js";
import { armsOf, cameraName } from "./arms-of.js";

/** Where the chart was found, and what was taken off its colors. */
export function chartFacts(calibration: ColorCalibration): Content {
  const { target, arms: records, exposureRatio, farToRec2020 } = calibration;
  const lines = armsOf(calibration).flatMap((arm): [string, Content][] => {
    const record = records[arm];
    if (record === null) return [];
    return [
      [`Chart of the ${cameraName(calibration, arm)}`, sightingText(record.chart)],
      [
        `Stray light taken off, ${cameraName(calibration, arm)}`,
        `${tripleText(record.glare.map((share) => 100 * share))} % of the range (R, G, B)`,
      ],
    ];
  });
  return facts([
    ["Target", markup`<code>${target}</code>`],
    ...lines,
    [
      "Far over near signal of the grays",
      exposureRatio === null ? null : `${tripleText(exposureRatio)} (R, G, B)`,
    ],
    [
      "Far camera to linear Rec.2020",
      farToRec2020 === null
        ? null
        : farToRec2020.map((row) => markup`<div>${row.map((value) => fixed(value, 4)).join("  ")}</div>`),
    ],
  ]);
}

function sightingText({ cornersPx, mirrored, patches }: ChartSighting): string {
  const corners = cornersPx.map(([x, y]) => `(${fixed(x, 1)}, ${fixed(y, 1)})`).join(", ");
  const clipped = patches.flatMap(({ clippedShare }, i) =>
    clippedShare > 0 ? [`${colorCheckerPatches[i] ?? `patch ${i + 1}`} ${percent(clippedShare)}`] : [],
  );
  const smallest = Math.min(...patches.map(({ pixels }) => pixels));
  return (
    `corners ${corners} px${mirrored ? ", mirrored" : ", not mirrored"}; at least ${smallest} px a patch; ` +
    (clipped.length === 0 ? "nothing clipped" : `clipped: ${clipped.join(", ")}`)
  );
}

function tripleText(values: readonly number[]): string {
  return values.map((value) => significant(value, 3)).join(", ");
}
