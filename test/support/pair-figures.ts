/** The figures of a calibrated pair on the virtual rig: how far it is from the truth. */
import { nearOfFar, type PairAtStop, pxPerMmAt } from "../../src/calibration/geometry/pair/pair-geometry.js";
import { identity } from "../../src/geometry/rigid.js";
import { dot, subtract } from "../../src/geometry/vector.js";
import type { Measured, PairCalibration } from "../../src/schema/calibration-geometry.js";
import { trueStop } from "./pair-truth.js";
import type { SeenPair } from "./seen-pair.js";

export interface MeasuredError {
  readonly error: number;
  readonly sigma: number;
}

export interface StopFigures {
  readonly distanceMm: number;
  readonly lateralXMm: MeasuredError;
  readonly lateralYMm: MeasuredError;
  readonly nearDistanceMm: MeasuredError;
  readonly separationMm: MeasuredError;
  readonly ratioPercent: MeasuredError;
  /** Over the face, heights of -35, 0 and 35 mm, px of 1024. */
  readonly overlayRmsPx: number;
  readonly overlayWorstPx: number;
}

/** Half width and half height of the face, mm. */
const face = [90, 120] as const;

export async function figuresOf(
  pair: SeenPair,
  body: Pick<PairCalibration, "far" | "stops" | "eyePlane">,
): Promise<StopFigures[]> {
  const figures: StopFigures[] = [];
  for (const { distanceMm, near, T_camera_rig, readOuts } of body.stops) {
    const real = await trueStop(pair, distanceMm);
    const solved: PairAtStop = {
      near: { intrinsics: near.intrinsics, T_camera_rig },
      far: { intrinsics: body.far.intrinsics, T_camera_rig: identity },
      eyePlane: body.eyePlane,
    };
    const toCanonical = 1024 / 300 / pxPerMmAt(solved.near, body.eyePlane);
    const misses = real.points.flatMap(({ positionMm: [x, y, z], near: seen, far }) => {
      if (Math.abs(x) > face[0] || Math.abs(y) > face[1]) return [];
      const height = -dot(subtract([x, y, z], real.faceMm), real.normal);
      const predicted = nearOfFar(solved, far, height);
      return predicted ? [Math.hypot(predicted[0] - seen[0], predicted[1] - seen[1]) * toCanonical] : [];
    });
    const against = ({ value, sigma }: Measured, truth: number): MeasuredError => ({
      error: value - truth,
      sigma,
    });
    const ratio = against(readOuts.magnificationRatio, real.magnificationRatio);
    const percent = 100 / real.magnificationRatio;
    figures.push({
      distanceMm,
      lateralXMm: against(readOuts.lateralOffsetMm.x, real.lateralMm[0]),
      lateralYMm: against(readOuts.lateralOffsetMm.y, real.lateralMm[1]),
      nearDistanceMm: against(readOuts.nearDistanceMm, real.nearDistanceMm),
      separationMm: against(readOuts.pupilSeparationMm, real.separationMm),
      ratioPercent: { error: ratio.error * percent, sigma: ratio.sigma * percent },
      overlayRmsPx: Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length),
      overlayWorstPx: Math.max(...misses),
    });
  }
  return figures;
}

/** One line a stop. */
export function printFigures(figures: readonly StopFigures[]): void {
  const told = ({ error, sigma }: MeasuredError, digits: number): string =>
    `${error.toFixed(digits)} (± ${sigma.toFixed(digits)})`;
  for (const stop of figures) {
    console.log(
      `${stop.distanceMm} mm: lateral ${told(stop.lateralXMm, 3)}, ${told(stop.lateralYMm, 3)} mm, ` +
        `near distance ${told(stop.nearDistanceMm, 2)} mm, separation ${told(stop.separationMm, 2)} mm, ` +
        `ratio ${told(stop.ratioPercent, 4)} %, overlay ${stop.overlayRmsPx.toFixed(4)} px, worst ${stop.overlayWorstPx.toFixed(3)} px`,
    );
  }
}
