import { type ColorMap, mapColor } from "../../color/color-map.js";
import { deltaE00 } from "../../color/delta-e.js";
import { labOfXyz, type Triple } from "../../color/lab.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import type { ArmColor } from "./arm-color.js";
import { type Deltas, deltasOf, matrixOf } from "./color-fit.js";
import type { PairColor } from "./pair-color.js";
import { cleanColors, pick, usablePatches } from "./usable-patches.js";

export interface ColorDrift {
  readonly since: string;
  readonly near: Deltas | null;
  readonly far: Deltas | null;
  readonly pair: Deltas | null;
}

/**
 * How far colors have moved since a former calibration, ΔE00 patch by patch. Arms: what the former map makes of the
 * chart then and now, brightness made equal, because light and exposure may differ between sessions. Pair: what the
 * former and the new map make of the near camera's colors now.
 */
export function colorDrift(
  previous: ColorCalibration,
  arms: { readonly near: ArmColor | null; readonly far: ArmColor | null },
  pair: PairColor | null,
): ColorDrift {
  return {
    since: previous.calibrationId,
    near: armDrift(previous.arms.near, arms.near),
    far: armDrift(previous.arms.far, arms.far),
    pair: pairDrift(previous, arms, pair),
  };
}

/** Of one arm; null when it is not in both. */
export function armDrift(then: ColorCalibration["arms"]["near"], now: ArmColor | null): Deltas | null {
  const map = then === null ? undefined : matrixOf(then.toXyz);
  if (then === null || now === null || map === undefined) return null;
  const usable = usablePatches(then.chart).filter((patch) => now.usable.includes(patch));
  if (usable.length === 0) return null;
  const before = pick(cleanColors(then.chart, then.glare), usable).map((color) => mapColor(map, color));
  const after = pick(now.colors, usable).map((color) => mapColor(map, color));
  const brightness = sumOfY(before) / sumOfY(after);
  return differences(
    before,
    after.map(([x, y, z]) => [x * brightness, y * brightness, z * brightness]),
  );
}

function pairDrift(
  previous: ColorCalibration,
  { near, far }: { readonly near: ArmColor | null; readonly far: ArmColor | null },
  pair: PairColor | null,
): Deltas | null {
  const former = matrixOf(previous.nearToFar ?? []);
  const current = matrixOf(pair?.nearToFar ?? []);
  const yardstick = matrixOf(far?.toXyz ?? []);
  if (near === null || former === undefined || current === undefined || yardstick === undefined) return null;
  const colors = pick(near.colors, near.usable);
  const seenBy = (map: ColorMap): Triple[] =>
    colors.map((color) => mapColor(yardstick, mapColor(map, color)));
  return differences(seenBy(former), seenBy(current));
}

const sumOfY = (colors: readonly Triple[]): number => colors.reduce((sum, [, y]) => sum + y, 0);

function differences(before: readonly Triple[], after: readonly Triple[]): Deltas {
  return deltasOf(before.map((xyz, i) => deltaE00(labOfXyz(xyz), labOfXyz(after[i] as Triple))));
}
