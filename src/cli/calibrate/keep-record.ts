import { calibratedRig } from "../../calibration/record/calibrated-rig.js";
import { type CalibrationBody, createRecord, daysAfter } from "../../calibration/record/create-record.js";
import type { RigShooter } from "../../calibration/rig/shooter.js";
import type { Calibration } from "../../schema/calibration.js";
import type { CalibratedRig, Gate } from "../../schema/calibration-header.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { Services } from "../services.js";

export interface Result<Body extends CalibrationBody> {
  readonly body: Body;
  readonly gates: readonly Gate[];
  /** Absent: it holds until the rig changes. */
  readonly validDays?: number;
}

/**
 * Makes the record of what this call calibrated.
 * @param rig null when only files were calibrated.
 */
export function newRecord<Body extends CalibrationBody>(
  services: Services,
  rig: CalibratedRig | null,
  { body, gates, validDays }: Result<Body>,
) {
  const createdAt = services.clock.utcNow();
  return createRecord(body, {
    createdAt,
    expiresAt: validDays === undefined ? null : daysAfter(createdAt, validDays),
    softwareVersion: services.version,
    commandLine: services.commandLine,
    rig,
    gates,
  });
}

/**
 * What a record says of the rig at hand. Its cameras go by the serials of the config: a virtual rig's differ from
 * run to run.
 */
export function rigOf({ config, board, cameras }: RigShooter): CalibratedRig {
  const { near, far } = serialsOf(config);
  return calibratedRig({
    config,
    board,
    cameras: { near: { ...cameras.near, serial: near }, far: { ...cameras.far, serial: far } },
  });
}

/** By what the calibrations of a rig are found again. */
export function serialsOf(config: RigConfig): { readonly near: string; readonly far: string } {
  return { near: config.near.serial, far: config.far.serial };
}

/** Adds records to a store, which is made when it is not there. */
export async function keepRecords(
  services: Services,
  store: string,
  records: readonly Calibration[],
): Promise<void> {
  const dataset = await services.openDataset(store, "create-if-missing");
  try {
    for (const record of records) await dataset.addCalibration(record);
  } finally {
    await dataset.close();
  }
}
