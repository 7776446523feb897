import type { PerArm } from "../../capture/rig.js";
import type { SyncRound } from "../../schema/calibration-sync.js";
import { medianSigma } from "./spread.js";

/** One tick of the trigger board. */
const tickUs = 0.0625;
/** A median skew within so many standard errors of zero may be chance. */
const significantSigmas = 2;

/**
 * The trigger delays that bring a round's median skew to zero, whole ticks, the smaller one 0; those in force when the
 * median is no more than chance, for following it would only add its error. Null without a measured skew.
 */
export function delaysAgainst({ delayUs, skewUs, shots }: SyncRound): PerArm<number> | null {
  if (skewUs === null) return null;
  const sigmaUs = medianSigma(shots.flatMap((shot) => shot.skewUs ?? []));
  if (Math.abs(skewUs.median) <= significantSigmas * sigmaUs) return delayUs;
  const aheadUs = Math.round((delayUs.near - delayUs.far - skewUs.median) / tickUs) * tickUs;
  return { near: Math.max(0, aheadUs), far: Math.max(0, -aheadUs) };
}
