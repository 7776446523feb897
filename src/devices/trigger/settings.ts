/** Trigger settings ↔ registers, with the board's own ranges checked before anything is sent. */
import { CallerError } from "../../base/errors.js";
import type { TriggerSettings } from "../contract/trigger-board.js";
import { bits, type RegisterValues, registers } from "./generated/protocol.js";
import type { TriggerLink } from "./link.js";
import { writeRegister } from "./registers.js";
import { ticksOfUs, usOfTicks } from "./trigger-units.js";

interface TickRange {
  readonly min: number;
  readonly max: number;
}

const { near: nearBit, far: farBit } = bits.feedbackMask;

/** @throws CallerError CONFIG_INVALID that names the setting, its value, range and unit */
export function checkSettings(settings: TriggerSettings): void {
  const { delay, pulse, focusLead, feedbackTimeout, strobe } = registers;
  checkUs("delayUs.near", settings.delayUs.near, delay.limits.nearTicks);
  checkUs("delayUs.far", settings.delayUs.far, delay.limits.farTicks);
  checkUs("pulseUs", settings.pulseUs, pulse.limits.ticks);
  checkUs("strobeUs", settings.strobeUs, strobe.limits.ticks);
  checkMs("focusLeadMs", settings.focusLeadMs, focusLead.limits.ms);
  checkMs("feedbackTimeoutMs", settings.feedbackTimeoutMs, feedbackTimeout.limits.ms);
  if (settings.strobe && !(settings.feedback.near && settings.feedback.far)) {
    throw new CallerError("CONFIG_INVALID", "`strobe` is on without feedback from both cameras", {
      advice: "Wire both exposure outputs and set `feedback: true` for both, or turn the strobe off.",
    });
  }
}

function checkUs(name: string, us: number, range: TickRange): void {
  const ticks = ticksOfUs(us);
  if (ticks >= range.min && ticks <= range.max) return;
  throw outOfRange(name, us, usOfTicks(range.min), usOfTicks(range.max), "µs");
}

function checkMs(name: string, ms: number, range: TickRange): void {
  if (Number.isInteger(ms) && ms >= range.min && ms <= range.max) return;
  throw outOfRange(name, ms, range.min, range.max, "whole ms");
}

function outOfRange(name: string, value: number, min: number, max: number, unit: string): CallerError {
  return new CallerError("CONFIG_INVALID", `\`${name}\` is ${value}, not within ${min} to ${max} ${unit}`, {
    advice: `Set it to a value from ${min} to ${max} ${unit}.`,
  });
}

/** Writes all settings; resolves with what the board's replies say it holds. */
export async function writeSettings(link: TriggerLink, settings: TriggerSettings): Promise<TriggerSettings> {
  const wanted = registersOf(settings);
  // One after the other: the link has one request outstanding at a time anyway.
  const delay = (await writeRegister(link, "delay", wanted.delay)).value;
  const pulse = (await writeRegister(link, "pulse", wanted.pulse)).value;
  const focusLead = (await writeRegister(link, "focusLead", wanted.focusLead)).value;
  const feedbackTimeout = (await writeRegister(link, "feedbackTimeout", wanted.feedbackTimeout)).value;
  const feedback = (await writeRegister(link, "feedback", wanted.feedback)).value;
  const strobe = (await writeRegister(link, "strobe", wanted.strobe)).value;
  return settingsOf({ delay, pulse, focusLead, feedbackTimeout, feedback, strobe });
}

type SettingRegisters = Pick<
  RegisterValues,
  "delay" | "pulse" | "focusLead" | "feedbackTimeout" | "feedback" | "strobe"
>;

function registersOf(settings: TriggerSettings): SettingRegisters {
  const { delayUs, feedback } = settings;
  return {
    delay: { nearTicks: ticksOfUs(delayUs.near), farTicks: ticksOfUs(delayUs.far) },
    pulse: { ticks: ticksOfUs(settings.pulseUs) },
    focusLead: { ms: settings.focusLeadMs },
    feedbackTimeout: { ms: settings.feedbackTimeoutMs },
    feedback: { mask: (feedback.near ? nearBit : 0) | (feedback.far ? farBit : 0) },
    strobe: { enabled: settings.strobe ? 1 : 0, ticks: ticksOfUs(settings.strobeUs) },
  };
}

function settingsOf(held: SettingRegisters): TriggerSettings {
  return {
    delayUs: { near: usOfTicks(held.delay.nearTicks), far: usOfTicks(held.delay.farTicks) },
    pulseUs: usOfTicks(held.pulse.ticks),
    focusLeadMs: held.focusLead.ms,
    feedbackTimeoutMs: held.feedbackTimeout.ms,
    feedback: { near: (held.feedback.mask & nearBit) !== 0, far: (held.feedback.mask & farBit) !== 0 },
    strobe: held.strobe.enabled === 1,
    strobeUs: usOfTicks(held.strobe.ticks),
  };
}

/** What host, link and board may add to the times that the settings ask for. */
const marginMs = 1000;

/**
 * Longest time from a fire to its `done`; with the board's limits when the settings that it holds
 * are not known.
 */
export function longestTriggerMs(settings: TriggerSettings | null): number {
  const { delay, pulse, focusLead, feedbackTimeout } = registers;
  const boardMs =
    settings === null
      ? focusLead.limits.ms.max +
        feedbackTimeout.limits.ms.max +
        usOfTicks(delay.limits.nearTicks.max + pulse.limits.ticks.max) / 1000
      : settings.focusLeadMs +
        settings.feedbackTimeoutMs +
        (Math.max(settings.delayUs.near, settings.delayUs.far) + settings.pulseUs) / 1000;
  return boardMs + marginMs;
}
