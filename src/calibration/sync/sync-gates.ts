/** Limits that a synchronisation is held against. */
import { arms } from "../../capture/rig.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { Gate } from "../../schema/calibration-header.js";
import type { Spread, SyncCalibration, SyncRound } from "../../schema/calibration-sync.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { gate } from "../record/gate.js";
import { feedbackShare, isMeasured } from "./sync-round.js";

type SyncResult = Pick<SyncCalibration, "before" | "verified" | "ledCounter">;

/** The last round decides. `limits.skewUs` of the rig config is where a shot would be taken again. */
export function syncGates({ before, verified, ledCounter }: SyncResult, config: RigConfig): Gate[] {
  const round = verified ?? before;
  const limitUs = config.limits.skewUs;
  const skew = isMeasured(round) ? round.skewUs : null;
  return [
    ...arms.map((arm) => feedbackGate(round, arm, config)),
    ...skewGates(skew, limitUs),
    ...arms.map((arm) => jitterGate(round, arm, limitUs)),
    ...(ledCounter === null ? [] : ledGates(ledCounter, skew, limitUs)),
  ];
}

function feedbackGate(round: SyncRound, arm: Arm, config: RigConfig): Gate {
  const wired = config[arm].feedback;
  return gate({
    id: `feedback-${arm}`,
    title: `shots whose exposure the ${arm} feedback told`,
    value: wired ? 100 * feedbackShare(round, arm) : null,
    unit: "%",
    warn: 99,
    fail: 90,
    better: "higher",
    advice: wired
      ? `Check the feedback wire of the ${arm} camera and that its output is set to exposure-active.`
      : `Wire the ${arm} camera's exposure-active output to the board and set \`${arm}.feedback: true\`: skew is assumed until then.`,
  });
}

/** Distances from zero: the median's, and beyond it those of the scatter. */
function skewGates(skew: Spread | null, limitUs: number): Gate[] {
  const median = skew && Math.abs(skew.median);
  const advice = "Run `nearfar calibrate sync --write-config`, then again to verify it.";
  const scatter = "The cameras' shutter lag scatters: use their hardware trigger inputs, or the strobe.";
  const of = (id: string, title: string, value: number | null, warn: number, help: string): Gate =>
    gate({ id, title, value, unit: "µs", warn, fail: limitUs, advice: help });
  return [
    of("skew-median", "median skew", median, 0.1 * limitUs, advice),
    of("skew-p95", "skew of 95 % of shots", skew && (median ?? 0) + skew.p95, 0.5 * limitUs, scatter),
    of("skew-max", "greatest skew", skew && (median ?? 0) + skew.max, 0.75 * limitUs, scatter),
  ];
}

function jitterGate(round: SyncRound, arm: Arm, limitUs: number): Gate {
  return gate({
    id: `lag-jitter-${arm}`,
    title: `shutter lag of the ${arm} camera, 95 % within ± of its median`,
    value: round.lagUs[arm]?.p95 ?? null,
    unit: "µs",
    warn: 0.25 * limitUs,
    fail: limitUs,
    advice: `The ${arm} camera's lag scatters: set a fixed exposure, no autofocus and no flash pre-fire, or use the strobe.`,
  });
}

function ledGates(
  led: NonNullable<SyncCalibration["ledCounter"]>,
  skew: Spread | null,
  limitUs: number,
): Gate[] {
  const optical = led.differenceUs?.median ?? null;
  return [
    gate({
      id: "led-readable",
      title: "shots in which both views showed the LED counter",
      value: (100 * led.read) / (led.read + led.unreadable + led.mismatched),
      unit: "%",
      warn: 99,
      fail: 50,
      better: "higher",
      advice: "Put the LED counter into both views, across the axis, and keep lamps off it.",
    }),
    gate({
      id: "led-mismatch",
      title: "shots in which a view showed another shot's number",
      value: led.mismatched,
      unit: "",
      warn: null,
      fail: 0,
      advice: "Frames are paired wrongly: check that both cameras are triggered by the board alone.",
    }),
    gate({
      id: "led-agrees",
      title: "skew as the LED counter shows it against the feedback's",
      value: optical === null || skew === null ? null : Math.abs(optical - skew.median),
      unit: "µs",
      warn: 0.25 * limitUs,
      fail: limitUs,
      advice:
        skew === null
          ? "Wire both cameras' exposure-active outputs to the board: without them there is nothing to compare."
          : "A feedback output does not mark the exposure: set it to exposure-active, not to frame-active.",
    }),
  ];
}
