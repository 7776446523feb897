import { CallerError } from "../../base/errors.js";
import { type ColorCheckerEdition, colorCheckerEditions } from "../../color/color-checker.js";
import { type Triple, xyzOfLab } from "../../color/lab.js";

const prefix = "colorchecker24:";

/** As commands and records write it. */
export type ChartTarget = `${typeof prefix}${ColorCheckerEdition}`;

export const chartTargets = Object.keys(colorCheckerEditions).map((edition) => `${prefix}${edition}`);

/** What charts sold today are. */
export const usualChartTarget: ChartTarget = "colorchecker24:after-2014";

/**
 * The edition in `colorchecker24:after-2014`.
 * @throws CallerError USAGE for any other target.
 */
export function editionOf(target: string): ColorCheckerEdition {
  const edition = target.startsWith(prefix) ? target.slice(prefix.length) : "";
  if (Object.hasOwn(colorCheckerEditions, edition)) return edition as ColorCheckerEdition;
  throw new CallerError("USAGE", `There is no color target ${target}.`, {
    advice: `Say which chart it is: ${chartTargets.join(" or ")}; the year of manufacture is on its back.`,
  });
}

/** XYZ (D50) of the 24 patches. */
export function chartXyz(edition: ColorCheckerEdition): Triple[] {
  return colorCheckerEditions[edition].map((lab) => xyzOfLab(lab));
}
