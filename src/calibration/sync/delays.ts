import type { PerArm } from "../../capture/rig.js";

/** One tick of the trigger board. */
const tickUs = 0.0625;

/**
 * The trigger delays that bring a median skew to zero, whole ticks, the smaller one 0.
 * @param delayUs those in force when it was measured.
 * @param skewUs near exposure start minus far exposure start.
 */
export function delaysAgainst(delayUs: PerArm<number>, skewUs: number): PerArm<number> {
  const aheadUs = Math.round((delayUs.near - delayUs.far - skewUs) / tickUs) * tickUs;
  return { near: Math.max(0, aheadUs), far: Math.max(0, -aheadUs) };
}
