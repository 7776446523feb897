/** What carries the near camera's colors into the far camera's. */

import { grayPatches } from "../../color/color-checker.js";
import { mapColor } from "../../color/color-map.js";
import { labOfXyz, type Triple } from "../../color/lab.js";
import { type ArmColor, bothMaps, type RecordedMap } from "./arm-color.js";
import { type FitLoss, matrixOf } from "./color-fit.js";
import { pick, requireEnough } from "./usable-patches.js";

export interface PairColor {
  /** Near camera color to far camera color; the recommended one first. ΔE00 as the far camera's map to XYZ has it. */
  readonly nearToFar: readonly RecordedMap[];
  /** Far over near signal of the gray patches, each channel. */
  readonly exposureRatio: Triple;
}

/** @throws WorldError CALIBRATION_REFUSED when too few patches are usable in both. */
export function pairColor(near: ArmColor, far: ArmColor, loss: FitLoss = "linear"): PairColor {
  const usable = near.usable.filter((patch) => far.usable.includes(patch));
  requireEnough(usable, "both charts");
  const labOf = labOfArm(far);
  const pairs = { from: pick(near.colors, usable), to: pick(far.colors, usable), labOf };
  const grays = grayPatches.filter((patch) => usable.includes(patch));
  return {
    nearToFar: bothMaps(pairs, loss),
    exposureRatio: ratioOf(pick(near.colors, grays), pick(far.colors, grays)),
  };
}

/** CIE L*a*b* (D50) of a camera's color by the camera's own matrix, which any exposure suits. */
export function labOfArm({ toXyz }: Pick<ArmColor, "toXyz">): (color: Triple) => Triple {
  const map = matrixOf(toXyz) ?? (toXyz[0] as RecordedMap);
  return (color) => labOfXyz(mapColor(map, color));
}

/** Bright patches count for more: sum over sum. */
function ratioOf(near: readonly Triple[], far: readonly Triple[]): Triple {
  const sum = (colors: readonly Triple[], channel: 0 | 1 | 2): number =>
    colors.reduce((total, color) => total + color[channel], 0);
  const ratio = (channel: 0 | 1 | 2): number => sum(far, channel) / sum(near, channel);
  return [ratio(0), ratio(1), ratio(2)];
}
