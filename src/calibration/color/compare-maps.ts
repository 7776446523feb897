import type { ColorCheckerEdition } from "../../color/color-checker.js";
import { expansionNames } from "../../color/expansion.js";
import { labOfXyz, type Triple } from "../../color/lab.js";
import type { ArmColor } from "./arm-color.js";
import { type FitLoss, type FittedMap, fitWithError } from "./color-fit.js";
import { chartXyz } from "./edition.js";
import { pick } from "./usable-patches.js";

/**
 * Every kind of map from a camera to XYZ with its errors: those with many terms fit 24 patches well and other colors
 * badly, which leave-one-out shows. Maps that the patches do not determine are left out.
 */
export function compareMaps(
  { colors, usable }: ArmColor,
  edition: ColorCheckerEdition,
  loss: FitLoss,
): FittedMap[] {
  const pairs = {
    from: pick(colors, usable),
    to: pick(chartXyz(edition), usable),
    labOf: (xyz: Triple) => labOfXyz(xyz),
  };
  return expansionNames.flatMap((method) => fitWithError(method, pairs, loss) ?? []);
}
