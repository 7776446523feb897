/** What both cameras see at once, as far as it can be known before they are calibrated. */
import type { RigConfig } from "../../schema/rig-config.js";
import type { VirtualLens } from "../../schema/virtual-optics.js";

export interface RigField {
  /** Far entrance pupil to eye plane. */
  readonly farDistanceMm: number;
  /** Near entrance pupil to eye plane. */
  readonly nearDistanceMm: number;
  /** Half of what each arm sees in the eye plane, across and down. */
  readonly near: HalfField;
  readonly far: HalfField;
  /** Where the coated face of the half mirror crosses the axis; it stands at 45°, its left edge towards the subject. */
  readonly plateZMm: number;
}

export type HalfField = readonly [number, number];

/** As the rig of the paper is built; a rig without `virtual` does not tell. */
const built = {
  farDistanceMm: 1600,
  plateToEyePlaneMm: 105,
  /** 28 mm at 230 mm on a full frame, portrait. */
  near: [98, 123],
  /** 180 mm at 1600 mm. */
  far: [106, 133],
} as const;

/** Far entrance pupil to eye plane as far as it can be known before it is calibrated. */
export function farDistanceOf({ virtual }: RigConfig): number {
  return virtual?.optics.farDistanceMm ?? built.farDistanceMm;
}

/** @param distanceMm near entrance pupil to eye plane. */
export function rigField(config: RigConfig, distanceMm: number): RigField {
  const farDistanceMm = farDistanceOf(config);
  if (config.virtual === undefined) {
    const { plateToEyePlaneMm, near, far } = built;
    const plateZMm = farDistanceMm - plateToEyePlaneMm;
    return { farDistanceMm, nearDistanceMm: distanceMm, near, far, plateZMm };
  }
  const { sensor, optics } = config.virtual;
  const halfField = (lens: VirtualLens, depthMm: number, onItsSide: boolean): HalfField => {
    const mmPerPx = (lens.pixelPitchUm / 1000 / focalLengthMm(lens, depthMm)) * depthMm;
    const { widthPx, heightPx } = sensor;
    const [width, height] = onItsSide ? [heightPx, widthPx] : [widthPx, heightPx];
    return [(width / 2) * mmPerPx, (height / 2) * mmPerPx];
  };
  const onItsSide = (arm: "near" | "far"): boolean => config[arm].mount.rotationDeg % 180 !== 0;
  return {
    farDistanceMm,
    nearDistanceMm: distanceMm,
    near: halfField(optics.near, distanceMm, onItsSide("near")),
    far: halfField(optics.far, farDistanceMm, onItsSide("far")),
    plateZMm: optics.plate.centreZMm,
  };
}

/** Half of what both see `heightMm` before (towards the cameras) or behind the eye plane. */
export function commonHalfField(field: RigField, heightMm: number): HalfField {
  const nearScale = 1 - heightMm / field.nearDistanceMm;
  const farScale = 1 - heightMm / field.farDistanceMm;
  const least = (axis: 0 | 1): number => Math.min(field.near[axis] * nearScale, field.far[axis] * farScale);
  return [least(0), least(1)];
}

/** Linear between the entries of a zoom, as the virtual rig has it. */
function focalLengthMm({ focalLengths }: VirtualLens, distanceMm: number): number {
  const sorted = [...focalLengths].sort((a, b) => a.distanceMm - b.distanceMm);
  const above = sorted.findIndex((entry) => entry.distanceMm >= distanceMm);
  const high = sorted[above] ?? sorted.at(-1);
  const low = sorted[above - 1] ?? high;
  if (high === undefined || low === undefined) throw new RangeError("a lens has a focal length");
  const span = high.distanceMm - low.distanceMm;
  if (span === 0) return high.focalLengthMm;
  const share = (distanceMm - low.distanceMm) / span;
  return low.focalLengthMm + share * (high.focalLengthMm - low.focalLengthMm);
}
