/** The chart as it should be, as the camera saw it, and as the map makes it. */

import { colorCheckerPatches } from "../../../color/color-checker.js";
import { mapColor } from "../../../color/color-map.js";
import type { Triple } from "../../../color/lab.js";
import type { ColorCalibration } from "../../../schema/calibration-color.js";
import { matrixOf } from "../../color/color-fit.js";
import { type Content, type Markup, markup } from "../markup.js";
import { figure } from "../page-parts.js";
import { type ArmName, cameraName } from "./arms-of.js";
import { balanced, cameraColors, corrected, referenceColors, screenColor, whiteOf } from "./display-color.js";
import { armFits, methodNames, type NamedFit, pairFits, patchDifferences } from "./fit-tables.js";

/** Three colors of one patch, left to right. */
type Stripes = readonly [readonly Triple[], readonly Triple[], readonly Triple[]];

const swatch = { widthPx: 138, heightPx: 58, gapPx: 12, textPx: 32 };
const columns = 6;

/** One arm's chart against the chart's own colors. */
export function armSwatches(calibration: ColorCalibration, arm: ArmName): Content {
  const { arms, target } = calibration;
  const record = arms[arm];
  const named = armFits(calibration).find(({ fit }) => fit === record?.toXyz[0]);
  if (record === null || named === undefined) return null;
  const { fit } = named;
  const seen = cameraColors(record);
  const made = corrected(seen, fit);
  const reference = referenceColors(target);
  const stripes: Stripes = [balanced(seen, whiteOf(reference ?? made)), reference ?? made, made];
  const title = `Chart, ${cameraName(calibration, arm)}, by the ${methodNames[fit.method]}`;
  return figure(
    title,
    swatches(title, stripes, named),
    `Each patch: left as the camera saw it (white balanced), ${reference === null ? "middle and right" : "middle the chart's own color, right"} as the map makes it. ` +
      "Where the right edge of the middle cannot be seen, the color is right. Below: ΔE00 left out, in brackets fitted; dashes: clipped, not used.",
  );
}

/** The near camera's chart made into the far camera's. */
export function pairSwatches(calibration: ColorCalibration): Content {
  const { near, far } = calibration.arms;
  const named = pairFits(calibration)[0];
  // The matrix suits any exposure, and colors between the cameras may come out brighter than any patch.
  const toXyz = matrixOf(far?.toXyz ?? []) ?? far?.toXyz[0];
  if (near === null || far === null || named === undefined || toXyz === undefined) return null;
  const { fit } = named;
  const [nearColors, farColors] = [cameraColors(near), cameraColors(far)];
  const asFar = nearColors.map((color) => mapColor(fit, color));
  const stripes: Stripes = [
    corrected(balanced(nearColors, whiteOf(farColors)), toXyz),
    corrected(farColors, toXyz),
    corrected(asFar, toXyz),
  ];
  const title = `Near against far, by the ${methodNames[fit.method]}`;
  return figure(
    title,
    swatches(title, stripes, named),
    "Each patch: left the near camera's color with only its white matched, middle the far camera's, right the near camera's as the map makes it. " +
      "All three are shown by the far camera's map to XYZ. Below: ΔE00 left out, in brackets fitted; dashes: clipped, not used.",
  );
}

function swatches(title: string, stripes: Stripes, fit: NamedFit): Markup {
  const stepX = swatch.widthPx + swatch.gapPx;
  const stepY = swatch.heightPx + swatch.textPx + swatch.gapPx;
  const [width, height] = [columns * stepX - swatch.gapPx + 2, 4 * stepY - swatch.gapPx];
  const patches = colorCheckerPatches.map((name, i) => {
    const [leftOut, fitted] = patchDifferences(fit, i);
    return markup`<g transform="translate(${(i % columns) * stepX + 1} ${Math.floor(i / columns) * stepY + 1})">${stripesOf(stripes, i)}<text class="label" x="0" y="${swatch.heightPx + 14}">${name}</text><text class="strong" x="0" y="${swatch.heightPx + 28}">${leftOut}<tspan font-weight="400"> (${fitted})</tspan></text></g>`;
  });
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>${title}</title>${patches}</svg>`;
}

function stripesOf(stripes: Stripes, patch: number): Content {
  const third = swatch.widthPx / 3;
  const parts = stripes.map(
    (colors, i) =>
      markup`<rect x="${i * third}" width="${third}" height="${swatch.heightPx}" shape-rendering="crispEdges" fill="${screenColor(colors[patch] ?? [0, 0, 0])}"/>`,
  );
  return [
    parts,
    markup`<rect class="swatch" fill="none" width="${swatch.widthPx}" height="${swatch.heightPx}"/>`,
  ];
}
