import { WorldError } from "../../base/errors.js";
import type { ColorCheckerEdition } from "../../color/color-checker.js";
import { labOfXyz, type Triple } from "../../color/lab.js";
import type { ChartSighting } from "../../schema/calibration-color.js";
import {
  type ColorPairs,
  type FitLoss,
  type FittedMap,
  fitWithError,
  type JudgedMap,
  ranked,
} from "./color-fit.js";
import { chartXyz } from "./edition.js";
import { measureGrayRamp } from "./glare.js";
import { cleanColors, pick, requireEnough, usablePatches } from "./usable-patches.js";

export type RecordedMap = JudgedMap<"matrix" | "root-polynomial-2">;

/** One camera's color, from one chart. */
export interface ArmColor {
  readonly chart: ChartSighting;
  readonly glare: Triple;
  /** Greatest departure of the gray patches from a straight line, share. */
  readonly grayDeparture: number;
  /** Places of the patches that the fits used. */
  readonly usable: readonly number[];
  /** Of all 24 patches, stray light taken off, shares of the range. */
  readonly colors: readonly Triple[];
  /** To XYZ under D50; the recommended one first. */
  readonly toXyz: readonly RecordedMap[];
}

/** @throws WorldError CALIBRATION_REFUSED when patches are clipped, CALIBRATION_FAILED when the camera has no color. */
export function armColor(
  chart: ChartSighting,
  edition: ColorCheckerEdition,
  loss: FitLoss = "linear",
  whose = "the chart",
): ArmColor {
  const usable = usablePatches(chart);
  requireEnough(usable, whose);
  const signals = chart.patches.map(({ mean }) => mean);
  const { glare, departure } = measureGrayRamp(signals, usable, edition);
  const colors = cleanColors(chart, glare);
  const pairs: ColorPairs = {
    from: pick(colors, usable),
    to: pick(chartXyz(edition), usable),
    labOf: (xyz) => labOfXyz(xyz),
  };
  return { chart, glare, grayDeparture: departure, usable, colors, toXyz: bothMaps(pairs, loss) };
}

/** @throws WorldError CALIBRATION_FAILED when the colors do not determine a matrix. */
export function bothMaps(pairs: ColorPairs, loss: FitLoss = "linear"): RecordedMap[] {
  const matrix = fitWithError("matrix", pairs, loss);
  const polynomial = fitWithError("root-polynomial-2", pairs, loss);
  if (matrix !== null) return ranked<FittedMap<RecordedMap["method"]>>(matrix, polynomial);
  throw new WorldError("CALIBRATION_FAILED", "The three channels of the camera are not independent.", {
    advice: "The images seem to be gray: set a color pixel format.",
  });
}
