/** Arms the board for one trigger of a shot and fires it. */
import type { Clock } from "../base/clock.js";
import { tickOfHostNs } from "../devices/contract/clock-fit.js";
import type { FireResult, TriggerBoard, TriggerSettings } from "../devices/contract/trigger-board.js";
import type { TickWindow } from "./frame-fate.js";

export interface FiredTrigger {
  readonly result: FireResult;
  /** For an `unknown` result: where its exposures would lie; null without a clock model. */
  readonly window: TickWindow | null;
}

/** Never rejects: a board that cannot be armed has certainly not fired. */
export async function fireTrigger(
  board: TriggerBoard,
  shotId: number,
  settings: TriggerSettings,
  clock: Clock,
  onArmed: () => void = () => {},
): Promise<FiredTrigger> {
  try {
    await board.arm(shotId, 1);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { result: { kind: "not-fired", reason }, window: null };
  }
  onArmed();
  const fit = board.clockFit;
  const beforeNs = clock.monotonicNs();
  const result = await board.fire(shotId);
  if (result.kind !== "unknown" || fit === null) return { result, window: null };
  const longestMs =
    settings.focusLeadMs +
    Math.max(settings.delayUs.near, settings.delayUs.far) / 1000 +
    settings.feedbackTimeoutMs;
  const lastNs = beforeNs + BigInt(Math.ceil(longestMs * 1e6));
  const afterNs = clock.monotonicNs();
  const window = {
    from: tickOfHostNs(fit, beforeNs),
    to: tickOfHostNs(fit, afterNs > lastNs ? afterNs : lastNs),
  };
  return { result, window };
}
