/** Color differences of all fits: what is left on the patches, and what it would be on others. */
import { colorCheckerPatches, grayPatches } from "../../../color/color-checker.js";
import type { ColorCalibration, ColorFit } from "../../../schema/calibration-color.js";
import { type Deltas, errorOnOthers } from "../../color/color-fit.js";
import { usablePatches } from "../../color/usable-patches.js";
import { type Content, type Markup, markup } from "../markup.js";
import { fixed } from "../numbers.js";
import { numberColumn, paragraph, table, textColumn } from "../page-parts.js";
import { armsOf, cameraName } from "./arms-of.js";

export interface NamedFit {
  readonly name: string;
  readonly fit: ColorFit;
  /** Places of the patches that were usable. */
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

/** ΔE00 of a patch as text: left out and fitted; dashes for what is not known of it. */
export function patchDifferences(
  { fit: { deltaE00 }, patches }: NamedFit,
  patch: number,
): readonly [string, string] {
  const at = (deltas: Deltas, among: readonly number[]): string =>
    difference(deltas.each[among.indexOf(patch)]);
  const { fit, leaveOneOut, colored } = deltaE00;
  if (leaveOneOut !== null) return [at(leaveOneOut, patches), at(fit, patches)];
  const isGray = (place: number): boolean => grayPatches.includes(place);
  const others = patches.filter((place) => !isGray(place));
  return [colored === undefined ? "–" : at(colored, others), at(fit, patches.filter(isGray))];
}

/** Those between the cameras first: they are what pairs are made with. */
export function namedFits(record: ColorCalibration): NamedFit[] {
  return [...pairFits(record), ...armFits(record)];
}

export function fitTable(fits: readonly NamedFit[]): Markup {
  const rows = fits.map(({ name, fit }): Content[] => {
    const others = errorOnOthers(fit);
    return [
      name,
      markup`<strong>${fixed(others.mean, 2)}</strong>`,
      markup`<strong>${fixed(others.max, 2)}</strong>`,
      fixed(fit.deltaE00.fit.mean, 2),
      fixed(fit.deltaE00.fit.max, 2),
    ];
  });
  return markup`${table(
    [textColumn("Map"), ...["Left out: mean ΔE00", "max", "Fitted: mean ΔE00", "max"].map(numberColumn)],
    rows,
  )}${paragraph("Left out: each patch predicted by a map that was fitted without it, which is what other colors will get; of a session's refit, the colored patches, whose gains the grays alone gave. The error on fitted patches is shown beside it and is no result by itself: more terms always make it smaller.")}`;
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
