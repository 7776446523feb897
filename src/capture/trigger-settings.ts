import type { TriggerSettings } from "../devices/contract/trigger-board.js";
import type { RigConfig } from "../schema/rig-config.js";

/** What the rig config asks of the trigger board. */
export function triggerSettingsOf(config: RigConfig): TriggerSettings {
  const { trigger, near, far } = config;
  return {
    delayUs: { near: near.triggerDelayUs, far: far.triggerDelayUs },
    pulseUs: trigger.pulseUs,
    focusLeadMs: trigger.focusLeadMs,
    feedbackTimeoutMs: trigger.feedbackTimeoutMs,
    feedback: { near: near.feedback, far: far.feedback },
    strobe: trigger.strobe.enabled,
    strobeUs: trigger.strobe.widthUs,
  };
}
