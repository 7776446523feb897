/** What a color calibration does to the light of one arm. */
import type { ResampleRequest } from "../../native/resample.js";
import type { Resampling } from "../../schema/alignment.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import type { ArmName } from "../../schema/records.js";

export type ColorSteps = Resampling["color"];

/** From a camera's light to the color that is stored. */
export interface FrameLight extends Pick<ResampleRequest, "flat" | "dark"> {
  /** Not applied to single-channel frames. */
  readonly color: ColorSteps;
}

/** The camera's own color, as it comes. */
export const ownLight: FrameLight = { color: [], flat: null, dark: null };

export function frameLightOf(color: ColorCalibration | null, arm: ArmName): FrameLight {
  return { color: colorStepsOf(color, arm), flat: flatOf(color, arm), dark: darkOf(color, arm) };
}

/**
 * Near: to the far camera's color by the recommended map, then both as far to linear Rec.2020.
 * @returns none without a calibration of both arms.
 */
export function colorStepsOf(color: ColorCalibration | null, arm: ArmName): ColorSteps {
  const toFar = color?.nearToFar?.[0];
  if (!color?.farToRec2020 || toFar === undefined) return [];
  const toRec2020 = { method: "matrix", rows: color.farToRec2020.map((row) => [...row]) };
  return arm === "near" ? [{ method: toFar.method, rows: toFar.rows }, toRec2020] : [toRec2020];
}

/** Gains of the flat field; null where there is none. */
function flatOf(color: ColorCalibration | null, arm: ArmName): ResampleRequest["flat"] {
  const flat = color?.light[arm]?.flat;
  if (!flat) return null;
  return { columns: flat.columns, rows: flat.rows, gains: Float32Array.from(flat.gains) };
}

/** What the dark adds beyond the black level, shares; null where it was not measured. */
function darkOf(color: ColorCalibration | null, arm: ArmName): ResampleRequest["dark"] {
  return color?.light[arm]?.darkOffset ?? null;
}
