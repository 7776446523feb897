import type { Arm } from "../../devices/contract/trigger-board.js";
import type { Gate } from "../../schema/calibration-header.js";
import { gate } from "../record/gate.js";
import type { ArmColor } from "./arm-color.js";
import type { ArmLight } from "./calibrate-color.js";
import { chartShape } from "./chart-shape.js";
import type { ColorDrift } from "./color-drift.js";
import type { PairColor } from "./pair-color.js";

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

/** What one camera's chart and light must meet; none for a camera that was not calibrated. */
export function armGates(arm: Arm, color: ArmColor | null, light: ArmLight | null): Gate[] {
  if (color === null) return [];
  return [...chartGates(arm, color), ...lightGates(arm, light)];
}

function chartGates(arm: Arm, color: ArmColor): Gate[] {
  const { patchPx, obliqueness } = chartShape(color.chart);
  const white = Math.max(...(color.chart.patches[18]?.mean ?? [1]));
  const best = color.toXyz[0];
  return [
    gate({
      id: `${arm}-xyz-error`,
      title: `${arm} camera to XYZ, leave-one-out mean`,
      value: best?.deltaE00.leaveOneOut.mean ?? null,
      unit: "ΔE00",
      warn: 3,
      fail: 10,
      advice:
        "Check the chart's edition, even light and no reflections; use raw frames, no camera picture style.",
    }),
    gate({
      id: `${arm}-clipped`,
      title: `${arm} patches left out because they clip`,
      value: color.chart.patches.length - color.usable.length,
      unit: "patches",
      warn: 0,
      fail: 4,
      advice: "Expose so that the white patch reads 60 to 90 % of the range.",
    }),
    gate({
      id: `${arm}-glare`,
      title: `${arm} stray light over the white patch`,
      value: percent(Math.max(...color.glare) / white),
      unit: "%",
      warn: 1,
      fail: 5,
      advice:
        "Shade lens and chart from lamps, darken what faces the chart, and look for a veil in the plate.",
    }),
    gate({
      id: `${arm}-gray-line`,
      title: `${arm} gray patches off a straight line`,
      value: percent(color.grayDeparture),
      unit: "%",
      warn: 5,
      fail: null,
      advice:
        "The values have a tone curve, or the light is uneven: use raw frames, say --gamma, or give a flat field.",
    }),
    gate({
      id: `${arm}-patch-size`,
      title: `${arm} chart: shortest patch side`,
      value: patchPx,
      unit: "px",
      warn: 16,
      fail: 8,
      better: "higher",
      advice: "Bring the chart nearer or use a larger one.",
    }),
    gate({
      id: `${arm}-obliqueness`,
      title: `${arm} chart: longest over shortest patch side`,
      value: obliqueness,
      unit: "",
      warn: 1.4,
      fail: 2.5,
      advice: "Face the chart towards the camera.",
    }),
  ];
}

function lightGates(arm: Arm, light: ArmLight | null): Gate[] {
  if (light === null) return [];
  return [...flatGates(arm, light), ...linearityGates(arm, light)];
}

function flatGates(arm: Arm, light: ArmLight): Gate[] {
  if (light.flat === null) return [];
  return [
    gate({
      id: `${arm}-flat-residual`,
      title: `${arm} unevenness after the flat field`,
      value: percent(light.flatResidual),
      unit: "%",
      warn: 0.5,
      fail: 2,
      advice:
        "Take the flat field anew: an even white over the whole view, light and lens settings unchanged.",
    }),
  ];
}

function linearityGates(arm: Arm, light: ArmLight): Gate[] {
  if (light.linearity.length === 0) return [];
  return [
    gate({
      id: `${arm}-linearity`,
      title: `${arm} signal off a straight line over the exposure`,
      value: percent(light.linearityError),
      unit: "%",
      warn: 0.5,
      fail: 2,
      advice:
        "Take it in steady light (no strobe), five exposures from 10 to 90 % of the range; check black level and gamma.",
    }),
  ];
}

/** ΔE00, leave-one-out: two bodies of one model see nearly the same spectra, others do not. */
const pairLimits = {
  same: { mean: { warn: 0.3, fail: 1 }, max: { warn: 1, fail: 3 } },
  different: { mean: { warn: 1.2, fail: 3 }, max: { warn: 4, fail: 10 } },
} as const;

export function pairGates(pair: Pick<PairColor, "nearToFar"> | null, sameModel: boolean): Gate[] {
  const leftOut = pair?.nearToFar[0]?.deltaE00.leaveOneOut;
  if (leftOut === undefined) return [];
  const limits = pairLimits[sameModel ? "same" : "different"];
  return (["mean", "max"] as const).map((which) =>
    gate({
      id: `pair-error-${which}`,
      title: `near to far, leave-one-out ${which}`,
      value: leftOut[which],
      unit: "ΔE00",
      ...limits[which],
      advice:
        "Light the chart evenly in both views, without reflections in either, and take both in one shot.",
    }),
  );
}

export function driftGates(drift: ColorDrift | null): Gate[] {
  if (drift === null) return [];
  return (["near", "far", "pair"] as const).flatMap((which) => {
    const deltas = drift[which];
    if (deltas === null) return [];
    return gate({
      id: `drift-${which}`,
      title: `${which === "pair" ? "near to far" : which} since the last calibration, mean`,
      value: deltas.mean,
      unit: "ΔE00",
      warn: 1,
      fail: null,
      advice:
        "Light, lens, filter or plate have changed: frames since then may need this calibration, not the last.",
    });
  });
}
