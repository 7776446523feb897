import type { Arm } from "../../devices/contract/trigger-board.js";
import type { Gate } from "../../schema/calibration-header.js";
import { type GateLimits, gate } from "../record/gate.js";
import type { ArmColor } from "./arm-color.js";
import type { ArmLight } from "./calibrate-color.js";
import { chartShape } from "./chart-shape.js";
import type { ColorDrift } from "./color-drift.js";
import { errorOnOthers } from "./color-fit.js";
import type { PairColor } from "./pair-color.js";

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

type Limits<Measured> = Omit<GateLimits, "value"> & {
  readonly valueFrom: (measured: Measured) => number | null;
};

/** Ids and titles without the arm's name, which comes before them. */
const chartLimits: readonly Limits<ArmColor>[] = [
  {
    id: "xyz-error",
    title: "camera to XYZ, colors that the map was not fitted to, mean",
    valueFrom: ({ toXyz: [best] }) => (best === undefined ? null : errorOnOthers(best).mean),
    unit: "ΔE00",
    warn: 3,
    fail: 10,
    advice:
      "Check the chart's edition, even light and no reflections; use raw frames, no camera picture style.",
  },
  {
    id: "clipped",
    title: "patches left out because they clip",
    valueFrom: ({ chart, usable }) => chart.patches.length - usable.length,
    unit: "patches",
    warn: 0,
    fail: 4,
    advice: "Expose so that the white patch reads 60 to 90 % of the range.",
  },
  {
    id: "glare",
    title: "stray light over the white patch",
    valueFrom: ({ chart, glare }) =>
      percent(Math.max(...glare) / Math.max(...(chart.patches[18]?.mean ?? [1]))),
    unit: "%",
    warn: 1,
    fail: 5,
    advice: "Shade lens and chart from lamps, darken what faces the chart, and look for a veil in the plate.",
  },
  {
    id: "gray-line",
    title: "gray patches off a straight line",
    valueFrom: ({ grayDeparture }) => percent(grayDeparture),
    unit: "%",
    warn: 5,
    fail: null,
    advice:
      "The values have a tone curve, or the light is uneven: use raw frames, say --gamma, or give a flat field.",
  },
  {
    id: "patch-size",
    title: "chart: shortest patch side",
    valueFrom: ({ chart }) => chartShape(chart).patchPx,
    unit: "px",
    warn: 16,
    fail: 8,
    better: "higher",
    advice: "Bring the chart nearer or use a larger one.",
  },
  {
    id: "obliqueness",
    title: "chart: longest over shortest patch side",
    valueFrom: ({ chart }) => chartShape(chart).obliqueness,
    unit: "",
    warn: 1.4,
    fail: 2.5,
    advice: "Face the chart towards the camera.",
  },
];

const flatLimits: Limits<ArmLight> = {
  id: "flat-residual",
  title: "unevenness after the flat field",
  valueFrom: ({ flatResidual }) => percent(flatResidual),
  unit: "%",
  warn: 0.5,
  fail: 2,
  advice: "Take the flat field anew: an even white over the whole view, light and lens settings unchanged.",
};

const linearityLimits: Limits<ArmLight> = {
  id: "linearity",
  title: "signal off a straight line over the exposure",
  valueFrom: ({ linearityError }) => percent(linearityError),
  unit: "%",
  warn: 0.5,
  fail: 2,
  advice:
    "Take it in steady light (no strobe), five exposures from 10 to 90 % of the range; check black level and gamma.",
};

/** What one camera's chart and light must meet; none for a camera that was not calibrated. */
export function armGates(arm: Arm, color: ArmColor | null, light: ArmLight | null): Gate[] {
  if (color === null) return [];
  return [
    ...chartLimits.map((limits) => armGate(arm, limits, color)),
    ...(light === null || light.flat === null ? [] : [armGate(arm, flatLimits, light)]),
    ...(light === null || light.linearity.length === 0 ? [] : [armGate(arm, linearityLimits, light)]),
  ];
}

function armGate<Measured>(arm: Arm, { valueFrom, ...limits }: Limits<Measured>, measured: Measured): Gate {
  const [id, title] = [`${arm}-${limits.id}`, `${arm} ${limits.title}`];
  return gate({ ...limits, id, title, value: valueFrom(measured) });
}

/** ΔE00: two bodies of one model see nearly the same spectra, others do not. */
const pairLimits = {
  same: { mean: { warn: 0.3, fail: 1 }, max: { warn: 1, fail: 3 } },
  different: { mean: { warn: 1.2, fail: 3 }, max: { warn: 4, fail: 10 } },
} as const;

export function pairGates(pair: Pick<PairColor, "nearToFar"> | null, sameModel: boolean): Gate[] {
  const [best] = pair?.nearToFar ?? [];
  if (best === undefined) return [];
  const errors = errorOnOthers(best);
  const limits = pairLimits[sameModel ? "same" : "different"];
  return (["mean", "max"] as const).map((which) =>
    gate({
      id: `pair-error-${which}`,
      title: `near to far, colors that the map was not fitted to, ${which}`,
      value: errors[which],
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
