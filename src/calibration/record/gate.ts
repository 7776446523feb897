/** Numbers held against limits. */
import type { Calibration } from "../../schema/calibration.js";
import type { Gate, GateState } from "../../schema/calibration-header.js";

export interface GateLimits {
  /** Stable, lower-case words joined by hyphens: `held-out-rms`. */
  readonly id: string;
  readonly title: string;
  /** Null, or not finite: it could not be measured. */
  readonly value: number | null;
  readonly unit: Gate["unit"];
  /** Worse than this is WARN; a value at the limit still passes. Null: no such limit. */
  readonly warn: number | null;
  /** Worse than this is FAIL. Null: no such limit. */
  readonly fail: number | null;
  /** `lower` unless given. */
  readonly better?: Gate["better"];
  /** FAIL instead of UNKNOWN when there is no value. */
  readonly required?: boolean;
  /** What to do when it does not pass. */
  readonly advice: string;
}

export function gate(limits: GateLimits): Gate {
  const { id, title, unit, warn, fail, better = "lower" } = limits;
  const value = limits.value !== null && Number.isFinite(limits.value) ? limits.value : null;
  const state = stateOf({ ...limits, value, better });
  const advice = state === "PASS" ? null : limits.advice;
  return { id, title, value, unit, warn, fail, better, state, advice };
}

/** The worst of the gates; UNKNOWN counts as WARN. PASS when there are none. */
export function verdictOf(gates: readonly Gate[]): Calibration["verdict"] {
  const states = new Set(gates.map(({ state }) => state));
  if (states.has("FAIL")) return "FAIL";
  return states.has("WARN") || states.has("UNKNOWN") ? "WARN" : "PASS";
}

function stateOf({ value, warn, fail, better, required }: GateLimits): GateState {
  if (value === null) return required === true ? "FAIL" : "UNKNOWN";
  const worseThan = (limit: number | null): boolean =>
    limit !== null && (better === "higher" ? value < limit : value > limit);
  if (worseThan(fail)) return "FAIL";
  return worseThan(warn) ? "WARN" : "PASS";
}
