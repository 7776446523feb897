/** How far apart the two exposures of a trigger began. Never invented: says how it is known. */
import type { TriggerReport } from "../devices/contract/trigger-board.js";
import type { ShotRecord } from "../schema/records.js";
import type { PerArm } from "./rig.js";

export interface Skew {
  /** near start - far start; positive: near is later. null when `kind` is `unknown`. */
  readonly us: number | null;
  readonly kind: ShotRecord["skewKind"];
}

export const unknownSkew: Skew = { us: null, kind: "unknown" };

const tickUs = 0.0625;

/**
 * `measured` from both feedback rises; `assumed` from the trigger edges when an arm has no feedback
 * wire (equal shutter lags are then assumed); `unknown` when a wired pulse is missing or the
 * report is.
 */
export function skewOf(report: TriggerReport | null, feedbackWired: PerArm<boolean>): Skew {
  if (report === null) return unknownSkew;
  const { near, far } = report.feedback;
  if (feedbackWired.near && feedbackWired.far) {
    if (near === null || far === null) return unknownSkew;
    return { us: Number(near.riseTick - far.riseTick) * tickUs, kind: "measured" };
  }
  return { us: Number(report.edgeTick.near - report.edgeTick.far) * tickUs, kind: "assumed" };
}
