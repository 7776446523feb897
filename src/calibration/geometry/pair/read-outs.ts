/** What an operator reads and turns at every stop (calibration/README.md, "Read-outs of the pair"). */
import type { Measured, ReadOuts } from "../../../schema/calibration-geometry.js";
import { adviceFor } from "./advice.js";
import { canonicalPxPerMm } from "./canonical-of.js";
import { ears, earsInFar, earsInNear } from "./ears.js";
import { overlayRmsPx } from "./overlay.js";
import { type Alignment, aimErrorOf, alignmentOf, pxPerMmAt } from "./pair-geometry.js";
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
  const now = uncertain.pairsOf();
  const farEars = now.map(earsInFar);
  const propagated = uncertain.propagate((pairs) =>
    pairs.flatMap((pair, stop) => [...alignmentOf(pair), ...earsInNear(pair, farEars[stop] ?? [])]),
  );
  return now.map((pair, stop) => {
    const first = stop * numbersOfStop;
    const nearSizePx = uncertain.solved.imageSizePx.near;
    const measured = (k: keyof Alignment & number, more = 0): Measured => ({
      value: propagated.values[first + k] as number,
      sigma: Math.hypot(propagated.sigma(first + k), more),
    });
    const scaled = (k: keyof Alignment & number): Measured =>
      measured(k, uncertain.solved.exactBoards ? 0 : printScale * (propagated.values[first + k] as number));
    const toCanonical = canonicalPxPerMm / pxPerMmAt(pair.near, pair.eyePlane);
    const earSigmas = ears.map((_, ear) => {
      const at = first + alignmentNumbers + 2 * ear;
      return propagated.worstSigma(at, at + 1) * toCanonical;
    });
    const numbers = {
      lateralOffsetMm: { x: measured(0, pupilSpreadMm), y: measured(1, pupilSpreadMm) },
      pitchMdeg: measured(2),
      yawMdeg: measured(3),
      rollMdeg: measured(4),
      aimErrorPx: aimErrorOf(pair, nearSizePx),
      pupilSeparationMm: scaled(5),
      nearDistanceMm: scaled(6),
      farDistanceMm: scaled(7),
      magnificationRatio: measured(8),
      earFlowSigmaPx: Math.max(...earSigmas),
      overlayRmsPx: overlayRmsPx(uncertain.solved, pair, stop),
    };
    const stopMm = uncertain.solved.stops[stop]?.distanceMm ?? 0;
    return {
      ...numbers,
      advice: adviceFor(numbers, { stopMm, nearFocalPx: pair.near.intrinsics[0], nearSizePx }),
    };
  });
}
