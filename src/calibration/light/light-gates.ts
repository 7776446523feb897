/** Limits that plate and lenses are held against. */
import { arms } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { LightCalibration } from "../../schema/calibration-color.js";
import type { Gate } from "../../schema/calibration-header.js";
import { gate } from "../record/gate.js";
import type { LightStop } from "./light-stop.js";

export type LightMeasured = Pick<LightCalibration, "ghost" | "veil" | "polarisation" | "sharpness">;

/** The worst stop decides. */
export function lightGates(measured: LightMeasured, stops: readonly LightStop[]): Gate[] {
  return [
    ...arms.map((arm) => ghostStrength(measured, stops, arm)),
    ...arms.map((arm) => ghostPlace(measured, arm)),
    ...arms.map((arm) => veilGate(measured, arm)),
    ...arms.map((arm) => sharpnessGate(measured, arm)),
    ...arms.map((arm) => focusGate(measured, arm)),
    differenceGate(stops),
  ];
}

const greatest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.max(...values);

/** A light that is seen without a ghost has one of strength 0. */
function ghostStrength({ ghost }: LightMeasured, stops: readonly LightStop[], arm: Arm): Gate {
  const strengths = stops.flatMap(({ ghosts }, i) =>
    ghosts[arm].kind === "no-light" ? [] : [100 * (ghost[i]?.[arm]?.strength ?? 0)],
  );
  return gate({
    id: `ghost-strength-${arm}`,
    title: `second image of the plate in the ${arm} view`,
    value: greatest(strengths),
    unit: "%",
    warn: 3,
    fail: null,
    advice:
      "Have the plate's other face coated against reflection (below 0.5 %), or use a thinner plate or a pellicle.",
  });
}

function ghostPlace({ ghost }: LightMeasured, arm: Arm): Gate {
  const apart = ghost.flatMap((stop) => {
    const seen = stop[arm];
    if (seen === null || seen.expectedOffsetPx === null) return [];
    const [x, y] = seen.expectedOffsetPx;
    return [Math.hypot(seen.offsetPx[0] - x, seen.offsetPx[1] - y)];
  });
  return gate({
    id: `ghost-place-${arm}`,
    title: `second image from where the plate's glass puts it, ${arm} view`,
    value: greatest(apart),
    unit: "px",
    warn: 1,
    fail: null,
    advice:
      "Check thickness and refractive index of the plate, and that it stands at 45°; a wedge moves the ghost as well.",
  });
}

function veilGate({ veil }: LightMeasured, arm: Arm): Gate {
  const shares = veil[arm];
  return gate({
    id: `veil-${arm}`,
    title: `veil over the ${arm} view, of a white`,
    value: shares === null ? null : 100 * Math.max(...shares),
    unit: "%",
    warn: 0.5,
    fail: 2,
    advice: `Close the black trap that the ${arm} camera sees in the plate, and keep lamps off plate and lens.`,
  });
}

function sharpnessGate({ sharpness }: LightMeasured, arm: Arm): Gate {
  const least = sharpness[arm].map(({ mtf50 }) => -Math.min(...mtf50));
  const worst = greatest(least);
  return gate({
    id: `mtf50-${arm}`,
    title: `half contrast of the ${arm} view at`,
    value: worst === null ? null : -worst,
    unit: "cycles/px",
    warn: 0.2,
    fail: 0.1,
    better: "higher",
    advice: `Focus the ${arm} lens on the eye plane, clean it and the plate, and stop it down no further than f/16.`,
  });
}

function focusGate({ sharpness }: LightMeasured, arm: Arm): Gate {
  const away = sharpness[arm].flatMap(({ bestFocusMm }) =>
    bestFocusMm === null ? [] : [Math.abs(bestFocusMm)],
  );
  return gate({
    id: `best-focus-${arm}`,
    title: `best focus of the ${arm} lens from the eye plane`,
    value: greatest(away),
    unit: "mm",
    warn: 10,
    fail: 30,
    advice: `Refocus the ${arm} lens on a board in the eye plane at every stop; if it is not measured, tilt the board more.`,
  });
}

/** Of what the two views resolve on the face. */
function differenceGate(stops: readonly LightStop[]): Gate {
  const differences = stops.flatMap(({ sharpness }) => {
    const [near, far] = [resolvedPerMm(sharpness.near), resolvedPerMm(sharpness.far)];
    return near === null || far === null ? [] : [100 * Math.abs(1 - near / far)];
  });
  return gate({
    id: "sharpness-difference",
    title: "half contrast on the face, near against far",
    value: greatest(differences),
    unit: "%",
    warn: 30,
    fail: null,
    advice:
      "The views resolve the face differently: bring both into focus, or compare them at the coarser one's resolution.",
  });
}

function resolvedPerMm(seen: LightStop["sharpness"][Arm]): number | null {
  return seen === null ? null : ((seen.mtf50[0] + seen.mtf50[1]) / 2) * seen.pxPerMm;
}
