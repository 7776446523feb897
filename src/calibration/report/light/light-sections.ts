/** The report on what plate and lenses do to light. */
import { arms } from "../../../capture/rig.js";
import type { LightCalibration } from "../../../schema/calibration-color.js";
import type { Content, Markup } from "../markup.js";
import { chosen, fixed, percent, significant } from "../numbers.js";
import {
  bulletList,
  numberColumn,
  paragraph,
  prose,
  row,
  section,
  table,
  textColumn,
} from "../page-parts.js";
import { ghostFigure } from "./ghost-figure.js";
import { bestFocusFigure, mtfFigure } from "./sharpness-figures.js";

export function lightSections(record: LightCalibration): readonly Content[] {
  const { advice } = record;
  return [
    advice.length === 0 ? null : section("What to do", bulletList(advice.map(prose))),
    section("Ghost of a point light", ghostTable(record), row(arms.map((arm) => ghostFigure(record, arm)))),
    section("Veil and polarisation", veilTable(record), polarisation(record)),
    section("Sharpness", sharpnessTable(record), row(mtfFigure(record), bestFocusFigure(record))),
  ];
}

function ghostTable({ ghost }: LightCalibration): Markup {
  const rows = ghost.flatMap((stop) =>
    arms.flatMap((arm): Content[][] => {
      const seen = stop[arm];
      if (seen === null) {
        const why = stop.noLight[arm] === null ? "none seen" : "no point light seen";
        return [[chosen(stop.distanceMm, ""), arm, why, "–", "–", "–"]];
      }
      const { offsetPx, strength, expectedOffsetPx } = seen;
      const off =
        expectedOffsetPx === null
          ? "–"
          : fixed(Math.hypot(offsetPx[0] - expectedOffsetPx[0], offsetPx[1] - expectedOffsetPx[1]), 2);
      return [
        [
          chosen(stop.distanceMm, ""),
          arm,
          `${fixed(offsetPx[0], 2)}, ${fixed(offsetPx[1], 2)}`,
          expectedOffsetPx === null
            ? "–"
            : `${fixed(expectedOffsetPx[0], 2)}, ${fixed(expectedOffsetPx[1], 2)}`,
          off,
          percent(strength, 3),
        ],
      ];
    }),
  );
  if (rows.length === 0) return paragraph("No point light was shown.");
  return table(
    [
      numberColumn("Stop, mm"),
      textColumn("Arm"),
      ...["Offset x, y, px", "Expected of the plate, px", "Apart, px", "Strength"].map(numberColumn),
    ],
    rows,
  );
}

function veilTable({ veil }: LightCalibration): Markup {
  return table(
    [textColumn("Veil, share of a white"), ...["Red", "Green", "Blue"].map(numberColumn)],
    arms.map((arm): Content[] => {
      const own = veil[arm];
      return own === null ? [arm, "not measured", "–", "–"] : [arm, ...own.map((share) => percent(share, 3))];
    }),
  );
}

function polarisation({ polarisation: measured }: LightCalibration): Content {
  if (measured === null) return paragraph("Polarisation was not measured.");
  const { nearS, nearP, farS, farP } = measured;
  return [
    table(
      [
        textColumn("Signal of a white over unpolarised light"),
        numberColumn("s"),
        numberColumn("p"),
        numberColumn("s over p"),
      ],
      [
        ["near", fixed(nearS, 3), fixed(nearP, 3), ratio(nearS, nearP)],
        ["far", fixed(farS, 3), fixed(farP, 3), ratio(farS, farP)],
      ],
    ),
    paragraph(
      "s swings across the plane in which the plate turns light, p in it. Far from 1 in the last column, a glare on skin looks different to the two cameras.",
    ),
  ];
}

function ratio(s: number, p: number): string {
  return p > 0 ? significant(s / p, 3) : "–";
}

function sharpnessTable({ sharpness }: LightCalibration): Markup {
  const rows = arms.flatMap((arm) =>
    sharpness[arm].map(({ distanceMm, mtf50, bestFocusMm }): Content[] => [
      arm,
      chosen(distanceMm, ""),
      fixed(mtf50[0], 3),
      fixed(mtf50[1], 3),
      bestFocusMm === null ? "not known" : fixed(bestFocusMm, 1),
    ]),
  );
  if (rows.length === 0) return paragraph("Sharpness was not measured.");
  return table(
    [
      textColumn("Arm"),
      ...["Stop, mm", "MTF50 along x, cycles/px", "along y", "Best focus before the eye plane, mm"].map(
        numberColumn,
      ),
    ],
    rows,
  );
}
