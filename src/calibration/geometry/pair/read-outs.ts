/** What an operator reads and turns at every stop (calibration/README.md, "Read-outs of the pair"). */
import type { Pixel } from "../../../geometry/brown-camera.js";
import type { Measured, ReadOuts } from "../../../schema/calibration-geometry.js";
import type { Propagated } from "../../../stats/propagated-covariance.js";
import { adviceFor } from "./advice.js";
import { canonicalPxPerMm } from "./canonical-of.js";
import { ears, earsInFar, earsInNear } from "./ears.js";
import { overlayRmsPx } from "./overlay.js";
import { type Alignment, aimErrorOf, alignmentOf, type PairAtStop, pxPerMmAt } from "./pair-geometry.js";
import type { UncertainPair } from "./uncertain-pair.js";

/**
 * The far pupil behind glass is no point: the faces of good float glass (some waves over the plate) and its astigmatism
 * spread it by about this over the picture. No number of views makes its place better defined.
 */
export const pupilSpreadMm = 0.02;
/** A printed board is larger or smaller than it should be by about this share, and every distance with it. */
const printScale = 5e-4;

const alignmentNumbers = 9;
const numbersOfStop = alignmentNumbers + 2 * ears.length;

/** One entry a stop. */
export function readOutsOf(uncertain: UncertainPair): ReadOuts[] {
  const { solved } = uncertain;
  const now = uncertain.pairsOf();
  const farEars = now.map(earsInFar);
  const propagated = uncertain.propagate((pairs) =>
    pairs.flatMap((pair, stop) => readOutNumbers(pair, farEars[stop] ?? [])),
  );
  return now.map((pair, stop) => {
    const first = stop * numbersOfStop;
    const numbers: Propagated = {
      values: propagated.values.slice(first, first + numbersOfStop),
      sigma: (output) => propagated.sigma(first + output),
      worstSigma: (a, b) => propagated.worstSigma(first + a, first + b),
    };
    return readOutsFrom(numbers, unseenErrors(numbers.values, solved.exactBoards), {
      pair,
      stopMm: solved.stops[stop]?.distanceMm ?? 0,
      nearSizePx: solved.imageSizePx.near,
      overlayRmsPx: overlayRmsPx(solved, pair, stop),
    });
  });
}

/** The numbers of one stop that {@link readOutsFrom} reads. */
export function readOutNumbers(pair: PairAtStop, farEars: readonly (Pixel | null)[]): number[] {
  return [...alignmentOf(pair), ...earsInNear(pair, farEars)];
}

/** Standard deviations that come to those of the numbers themselves, squares added. */
export interface OtherErrors {
  readonly alignment: Alignment;
  readonly earFlowPx: number;
}

export interface ReadOutContext {
  readonly pair: PairAtStop;
  readonly stopMm: number;
  readonly nearSizePx: readonly [number, number];
  readonly overlayRmsPx: number | null;
}

/** @param numbers of {@link readOutNumbers}. */
export function readOutsFrom(
  numbers: Propagated,
  others: OtherErrors,
  { pair, stopMm, nearSizePx, overlayRmsPx }: ReadOutContext,
): ReadOuts {
  const measured = (k: keyof Alignment & number): Measured => ({
    value: numbers.values[k] as number,
    sigma: Math.hypot(numbers.sigma(k), others.alignment[k] as number),
  });
  const toCanonical = canonicalPxPerMm / pxPerMmAt(pair.near, pair.eyePlane);
  const earSigmas = ears.map((_, ear) => {
    const at = alignmentNumbers + 2 * ear;
    return numbers.worstSigma(at, at + 1) * toCanonical;
  });
  const readOuts = {
    lateralOffsetMm: { x: measured(0), y: measured(1) },
    pitchMdeg: measured(2),
    yawMdeg: measured(3),
    rollMdeg: measured(4),
    aimErrorPx: aimErrorOf(pair, nearSizePx),
    pupilSeparationMm: measured(5),
    nearDistanceMm: measured(6),
    farDistanceMm: measured(7),
    magnificationRatio: measured(8),
    earFlowSigmaPx: Math.hypot(Math.max(...earSigmas), others.earFlowPx),
    overlayRmsPx,
  };
  const nearFocalPx = pair.near.intrinsics[0];
  return { ...readOuts, advice: adviceFor(readOuts, { stopMm, nearFocalPx, nearSizePx }) };
}

/** The standard deviations of read-outs, for others that rest on them. */
export function errorsOf({ lateralOffsetMm: { x, y }, ...readOuts }: ReadOuts): OtherErrors {
  const { pitchMdeg, yawMdeg, rollMdeg, pupilSeparationMm, nearDistanceMm, farDistanceMm } = readOuts;
  return {
    alignment: [
      x.sigma,
      y.sigma,
      pitchMdeg.sigma,
      yawMdeg.sigma,
      rollMdeg.sigma,
      pupilSeparationMm.sigma,
      nearDistanceMm.sigma,
      farDistanceMm.sigma,
      readOuts.magnificationRatio.sigma,
    ],
    earFlowPx: readOuts.earFlowSigmaPx,
  };
}

/** What no px depends on: the far pupil's spread and the boards' size. */
function unseenErrors(values: readonly number[], exactBoards: boolean): OtherErrors {
  const printed = (k: keyof Alignment & number): number =>
    exactBoards ? 0 : printScale * (values[k] as number);
  return {
    alignment: [pupilSpreadMm, pupilSpreadMm, 0, 0, 0, printed(5), printed(6), printed(7), 0],
    earFlowPx: 0,
  };
}
