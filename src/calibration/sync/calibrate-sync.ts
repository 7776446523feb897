/** Measures when both cameras really begin to expose, and the delays that make them begin together. */
import type { Gate } from "../../schema/calibration-header.js";
import type { SyncCalibration } from "../../schema/calibration-sync.js";
import type { CalibrationBody } from "../record/create-record.js";
import type { RigShooter, RigShot } from "../rig/shooter.js";
import { delaysAgainst } from "./delays.js";
import { checkLedCounter } from "./led-check.js";
import { syncGates } from "./sync-gates.js";
import { isMeasured, shootRound } from "./sync-round.js";

export interface SyncOptions {
  /** Of each of the two rounds, at least 3. */
  readonly shots: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: SyncStep, done: number, all: number) => void;
}

export type SyncStep = "measure" | "verify" | "led-counter";

export interface SyncOutcome {
  readonly body: Extract<CalibrationBody, { kind: "sync" }>;
  readonly gates: readonly Gate[];
}

/** After so many days cables and settings have moved often enough to look again. */
export const syncValidDays = 30;

/** Shots of the optical check. */
const mostLedShots = 8;

/**
 * Shots at the config's delays, delays proposed, set and verified by as many further shots, then the LED counter.
 * The board keeps the proposed delays until it is configured again.
 * @throws what `RigShooter` throws: SYNC_FAILED, RIG_FAILED; CONFIG_INVALID for a delay beyond the board's range.
 */
export async function calibrateSync(shooter: RigShooter, options: SyncOptions): Promise<SyncOutcome> {
  const { config, guide } = shooter;
  const { shots, signal } = options;
  // What stands there does not matter yet; a virtual rig draws darkness fastest.
  if (guide.automatic) await guide.show({ show: "dark", text: "Lights off." }, signal);
  const round = (step: SyncStep, delayUs: SyncCalibration["before"]["delayUs"]) => {
    let done = 0;
    const onShot = (_: RigShot): void => options.onProgress?.(step, ++done, shots);
    return shootRound(shooter, { delayUs, shots, signal, onShot });
  };
  const held = { near: config.near.triggerDelayUs, far: config.far.triggerDelayUs };
  const before = await round("measure", await shooter.setDelays(held));
  const proposed = isMeasured(before) ? delaysAgainst(before) : null;
  const verified = proposed && (await round("verify", await shooter.setDelays(proposed)));
  const ledShots = Math.min(mostLedShots, shots);
  options.onProgress?.("led-counter", 0, ledShots);
  const ledCounter = await checkLedCounter(shooter, ledShots, signal);
  const measured = { before, verified, ledCounter };
  return {
    body: {
      kind: "sync",
      skewKind: proposed === null ? "assumed" : "measured",
      proposedDelayUs: proposed && { ...proposed },
      ...measured,
    },
    gates: syncGates(measured, config),
  };
}
