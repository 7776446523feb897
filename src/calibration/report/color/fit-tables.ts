/** Color differences of all fits: what is left on the patches, and what it would be on others. */
import { colorCheckerPatches } from "../../../color/color-checker.js";
import type { ColorCalibration, ColorFit } from "../../../schema/calibration-color.js";
import { usablePatches } from "../../color/usable-patches.js";
import { type Content, type Markup, markup } from "../markup.js";
import { fixed } from "../numbers.js";
import { numberColumn, paragraph, table, textColumn } from "../page-parts.js";
import { armsOf, cameraName } from "./arms-of.js";

export interface NamedFit {
  readonly name: string;
  readonly fit: ColorFit;
  /** Places of the patches that the fit used, in the order of its differences. */
  readonly patches: readonly number[];
}

export const methodNames: Readonly<Record<ColorFit["method"], string>> = {
  matrix: "3 × 3",
  "root-polynomial-2": "root polynomial",
};

/** Each arm's maps to XYZ. */
export function armFits(calibration: ColorCalibration): NamedFit[] {
  return armsOf(calibration).flatMap((arm) => {
    const record = calibration.arms[arm];
    if (record === null) return [];
    const patches = usablePatches(record.chart);
    const name = cameraName(calibration, arm);
    return record.toXyz.map((fit) => ({ name: `${name} to XYZ, ${methodNames[fit.method]}`, fit, patches }));
  });
}

/** The maps between the cameras, fitted to patches that are usable in both. */
export function pairFits({ nearToFar, arms: { near, far } }: ColorCalibration): NamedFit[] {
  if (nearToFar === null || near === null || far === null) return [];
  const inFar = new Set(usablePatches(far.chart));
  const patches = usablePatches(near.chart).filter((patch) => inFar.has(patch));
  return nearToFar.map((fit) => ({ name: `near to far, ${methodNames[fit.method]}`, fit, patches }));
}

/** ΔE00 of a patch as text: left out and fitted; dashes for a patch that the fit did not use. */
export function patchDifferences(
  { fit: { deltaE00 }, patches }: NamedFit,
  patch: number,
): readonly [string, string] {
  const place = patches.indexOf(patch);
  return [difference(deltaE00.leaveOneOut.each[place]), difference(deltaE00.fit.each[place])];
}

/** Those between the cameras first: they are what pairs are made with. */
export function namedFits(record: ColorCalibration): NamedFit[] {
  return [...pairFits(record), ...armFits(record)];
}

export function fitTable(fits: readonly NamedFit[]): Markup {
  const rows = fits.map(({ name, fit: { deltaE00 } }): Content[] => [
    name,
    markup`<strong>${fixed(deltaE00.leaveOneOut.mean, 2)}</strong>`,
    markup`<strong>${fixed(deltaE00.leaveOneOut.max, 2)}</strong>`,
    fixed(deltaE00.fit.mean, 2),
    fixed(deltaE00.fit.max, 2),
  ]);
  return markup`${table(
    [textColumn("Map"), ...["Left out: mean ΔE00", "max", "Fitted: mean ΔE00", "max"].map(numberColumn)],
    rows,
  )}${paragraph("Left out: each patch predicted by a map that was fitted without it, which is what other colors will get. The error on fitted patches is shown beside it and is no result by itself: more terms always make it smaller.")}`;
}

/** Every patch with its two numbers for each fit. */
export function patchTable(fits: readonly NamedFit[]): Markup {
  const columns = fits.flatMap(({ name }) => [numberColumn(`${name}: left out`), numberColumn("fitted")]);
  const rows = colorCheckerPatches.map((patch, i): Content[] => [
    patch,
    ...fits.flatMap((fit) => {
      const [leftOut, fitted] = patchDifferences(fit, i);
      return [leftOut, markup`<span class="dim">${fitted}</span>`];
    }),
  ]);
  return table([textColumn("Patch, ΔE00"), ...columns], rows, "compact");
}

function difference(value: number | undefined): string {
  return value === undefined ? "–" : fixed(value, 2);
}
