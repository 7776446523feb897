/** A color calibration from what was sighted and measured. */
import { WorldError } from "../../base/errors.js";
import { arms as bothArms, type PerArm, perArm } from "../../capture/rig.js";
import type { ColorCheckerEdition } from "../../color/color-checker.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { ChartSighting, ColorCalibration } from "../../schema/calibration-color.js";
import type { Gate } from "../../schema/calibration-header.js";
import type { CalibrationBody } from "../record/create-record.js";
import { type ArmColor, armColor } from "./arm-color.js";
import { colorDrift } from "./color-drift.js";
import type { FitLoss } from "./color-fit.js";
import { armGates, driftGates, pairGates } from "./color-gates.js";
import { chartXyz } from "./edition.js";
import { pairColor } from "./pair-color.js";
import { fitRec2020 } from "./rec2020.js";
import { pick } from "./usable-patches.js";

export type ArmLight = NonNullable<ColorCalibration["light"]["near"]>;
export type ColorBody = Extract<CalibrationBody, { readonly kind: "color" }>;

export interface ColorObservations {
  readonly edition: ColorCheckerEdition;
  /** Patches dark- and flat-corrected. A single image is `near`. */
  readonly charts: PerArm<ChartSighting | null>;
  readonly light: PerArm<ArmLight | null>;
  /** Both cameras are of one model: their colors must then agree better. */
  readonly sameModel: boolean;
  /** The last whole color calibration of the same rig. */
  readonly previous: ColorCalibration | null;
  readonly loss?: FitLoss;
}

export interface ColorResult {
  readonly body: ColorBody;
  readonly gates: readonly Gate[];
  readonly arms: PerArm<ArmColor | null>;
}

/**
 * Fits each camera to XYZ and the near one to the far one, with leave-one-out errors, and holds the numbers against
 * their limits.
 * @throws WorldError CALIBRATION_REFUSED for clipped charts and a pair of which one is mirrored; CALIBRATION_FAILED.
 */
export function calibrateColor(observations: ColorObservations): ColorResult {
  const { edition, charts, light, previous, loss = "linear" } = observations;
  requireUpright(charts);
  const colorOf = (arm: Arm): ArmColor | null => {
    const chart = charts[arm];
    return chart === null ? null : armColor(chart, edition, loss, `the ${arm} chart`);
  };
  const arms = perArm(colorOf);
  const pair = arms.near !== null && arms.far !== null ? pairColor(arms.near, arms.far, loss) : null;
  const drift = previous === null ? null : colorDrift(previous, arms, pair);
  const gates = [
    ...bothArms.flatMap((arm) => armGates(arm, arms[arm], light[arm])),
    ...pairGates(pair, observations.sameModel),
    ...driftGates(drift),
  ];
  const body: ColorBody = {
    kind: "color",
    target: `colorchecker24:${edition}`,
    arms: { near: recordedArm(arms.near), far: recordedArm(arms.far) },
    light,
    nearToFar: pair?.nearToFar ?? null,
    farToRec2020: farToRec2020(arms.far, edition),
    exposureRatio: pair?.exposureRatio ?? null,
    refitOf: null,
    drift,
  };
  return { body, gates, arms };
}

/** The part of it that records keep. */
export function recordedArm(color: ArmColor | null): ColorBody["arms"]["near"] {
  if (color === null) return null;
  const { chart, glare, toXyz } = color;
  return { chart, glare, toXyz };
}

function farToRec2020(far: ArmColor | null, edition: ColorCheckerEdition): ColorBody["farToRec2020"] {
  if (far === null) return null;
  return fitRec2020(pick(far.colors, far.usable), pick(chartXyz(edition), far.usable));
}

/**
 * A single image may show a mirror's view; of a rig's frames the decoder has un-mirrored each that needs it.
 * @throws WorldError CALIBRATION_REFUSED naming the arm.
 */
export function requireUpright(charts: PerArm<ChartSighting | null>): void {
  if (charts.near === null || charts.far === null) return;
  for (const arm of bothArms) {
    if (charts[arm]?.mirrored !== true) continue;
    throw new WorldError("CALIBRATION_REFUSED", `The chart is mirrored in the ${arm} view.`, {
      advice: `Set \`${arm}.mount.mirrored\` of the rig config the other way round: the near arm alone sees a reflection.`,
    });
  }
}
