import { Command } from "commander";
import { calibrateSync, type SyncStep, syncValidDays } from "../../calibration/sync/calibrate-sync.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { SyncCalibration } from "../../schema/calibration-sync.js";
import { note } from "../note.js";
import { wholeNumber } from "../option-values.js";
import type { Services } from "../services.js";
import { keepRecords, newRecord, rigOf } from "./keep-record.js";
import { delaysText, keepsDelays, syncFindings } from "./sync-result.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { withShooter } from "./with-shooter.js";
import { writeDelays } from "./write-delays.js";

export interface SyncOptions extends HowTold {
  readonly rig: string;
  readonly store: string;
  readonly shots: number;
  readonly writeConfig?: boolean;
}

const steps: Readonly<Record<SyncStep, string>> = {
  measure: "Measuring lag",
  verify: "Verifying the delays",
  "led-counter": "Looking at the LED counter",
};

/** Measured with where nothing else is asked for. */
export const usualSyncShots = 30;

/** A median needs three, and a rig of cameras that lag by a second should not be asked for thousands. */
export const syncShotCount = wholeNumber(3, 1000);

export async function runSync(services: Services, options: SyncOptions): Promise<void> {
  const { terminal } = services;
  const config = await loadRigConfig(options.rig);
  const record = await withShooter(services, config, async (shooter, signal) => {
    const onProgress = (step: SyncStep, done: number, all: number): void =>
      terminal.progress(`${steps[step]}: ${done} of ${all} shots`);
    const outcome = await calibrateSync(shooter, { shots: options.shots, signal, onProgress });
    return newRecord(services, rigOf(shooter), { ...outcome, validDays: syncValidDays });
  });
  await keepRecords(services, options.store, [record]);
  tellRecord(services, record, options, { findings: syncFindings });
  await useDelays(services, record, options);
}

/** Writes the delays into the config where that is asked for, and tells what became of them. */
async function useDelays(
  { terminal }: Services,
  record: SyncCalibration,
  { rig, writeConfig, json = false, brief }: SyncOptions,
): Promise<void> {
  const delayUs = record.proposedDelayUs;
  if (delayUs === null || keepsDelays(record)) return;
  if (record.verdict === "FAIL") {
    if (writeConfig) note(terminal, `Not written to ${rig}: the calibration failed.`, json);
    return;
  }
  if (writeConfig) await writeDelays(rig, delayUs);
  if (json || brief) return;
  terminal.note(
    writeConfig
      ? `Written to ${rig}: ${delaysText(delayUs)}.`
      : `Set triggerDelayUs to ${delaysText(delayUs)}, or run this with --write-config.`,
  );
}

export function syncCommand(services: Services): Command {
  return new Command("sync")
    .description("Measure shutter lag and skew of both cameras, and even them out by trigger delays.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset that keeps the record; made when it is not there")
    .option("--shots <number>", "to measure with, and as many again to verify", syncShotCount, usualSyncShots)
    .option("--write-config", "put the delays into the rig config; its comments stay")
    .option("--json", "print the record as one JSON line")
    .action((options: SyncOptions) => runSync(services, options));
}
