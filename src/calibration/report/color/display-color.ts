/** Colors of the record as a screen shows them. */

import { colorCheckerEditions } from "../../../color/color-checker.js";
import { mapColor } from "../../../color/color-map.js";
import { linearSrgbOfXyz, type Triple, xyzOfLab } from "../../../color/lab.js";
import { rgbText } from "../../../color/palettes.js";
import type { ColorCalibration, ColorFit } from "../../../schema/calibration-color.js";
import { srgbByte } from "../plot/color-map.js";

/** Place of the white patch. */
const whitePatch = 18;

type ArmColor = NonNullable<ColorCalibration["arms"]["near"]>;

/** Linear sRGB of the chart's patches by its edition; null for a chart that is not known here. */
export function referenceColors(target: string): readonly Triple[] | null {
  const edition = Object.entries(colorCheckerEditions).find(([name]) => target.endsWith(`:${name}`));
  return edition?.[1].map((lab) => linearSrgbOfXyz(xyzOfLab(lab))) ?? null;
}

/** Linear camera color of each patch without stray light. */
export function cameraColors({ chart, glare }: ArmColor): Triple[] {
  return chart.patches.map(
    ({ mean }): Triple => [mean[0] - glare[0], mean[1] - glare[1], mean[2] - glare[2]],
  );
}

/** Camera color taken for sRGB as it is, its white patch made that of the reference. */
export function balanced(colors: readonly Triple[], white: Triple): Triple[] {
  const own = colors[whitePatch] ?? [1, 1, 1];
  return colors.map(
    (color): Triple => [
      (color[0] * white[0]) / own[0],
      (color[1] * white[1]) / own[1],
      (color[2] * white[2]) / own[2],
    ],
  );
}

/** Linear sRGB by a map to XYZ. */
export function corrected(colors: readonly Triple[], toXyz: ColorFit): Triple[] {
  return colors.map((color) => linearSrgbOfXyz(mapColor(toXyz, color)));
}

export function whiteOf(colors: readonly Triple[]): Triple {
  return colors[whitePatch] ?? [1, 1, 1];
}

/** `#rrggbb`; colors that sRGB does not have are cut. */
export function screenColor([r, g, b]: Triple): string {
  return rgbText([srgbByte(r), srgbByte(g), srgbByte(b)]);
}
