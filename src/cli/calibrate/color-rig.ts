/** `nearfar calibrate color` on a rig. */
import { CallerError, NearfarError } from "../../base/errors.js";
import type { FitLoss } from "../../calibration/color/color-fit.js";
import { editionOf } from "../../calibration/color/edition.js";
import { calibrateColorOnRig, refitColorOnRig } from "../../calibration/color/rig-color.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createVision } from "../../native/vision.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { readTarget, targetsFolder } from "../../targets/read-targets.js";
import type { Services } from "../services.js";
import { colorFindings } from "./color-result.js";
import { keepRecords, rigOf, rigRecord, serialsOf } from "./keep-record.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { withShooter } from "./with-shooter.js";

export interface ColorRigOptions extends HowTold {
  readonly rig: string;
  readonly store: string;
  readonly target: string;
  readonly chart?: string;
  readonly turn?: number;
  readonly distance?: number;
  readonly loss?: FitLoss;
  readonly gray?: boolean;
}

/** @throws CallerError and WorldError as `calibrateColorOnRig`; nothing is stored then. Status 5 when a gate fails. */
export async function runColorOnRig(services: Services, options: ColorRigOptions): Promise<void> {
  const { terminal } = services;
  const edition = editionOf(options.target);
  const config = await loadRigConfig(options.rig);
  const { id: chart } = await readTarget(
    targetsFolder(services.programFolder),
    options.chart ?? "colorchecker-mini",
  );
  const previous = await previousColor(services, options.store, config);
  if (options.gray && previous === null) throw nothingToRefit(options.store);
  const record = await withShooter(services, config, async (shooter, signal) => {
    const vision = createVision();
    const shown = {
      vision,
      chart,
      chartTurnDeg: options.turn ?? 0,
      distanceMm: options.distance ?? null,
      signal,
      onProgress: (done: number, all: number) => terminal.progress(`Color: ${done} of ${all} shots`),
    };
    const { loss = "linear" } = options;
    try {
      const { body, gates } =
        options.gray && previous !== null
          ? await refitColorOnRig(shooter, previous, shown)
          : await calibrateColorOnRig(shooter, { ...shown, edition, previous, loss });
      return rigRecord(services, rigOf(shooter), { body, gates, expiresAt: () => null });
    } finally {
      await vision.close();
    }
  });
  await keepRecords(services, options.store, [record]);
  tellRecord(services, record, options, { findings: colorFindings });
}

/** The newest color calibration of the same cameras; null when there is none, or no store yet. */
async function previousColor(
  services: Services,
  store: string,
  config: RigConfig,
): Promise<ColorCalibration | null> {
  const dataset = await services.openDataset(store, "read-only").catch((error: unknown) => {
    if (error instanceof NearfarError && error.code === "STORE_NOT_FOUND") return null;
    throw error;
  });
  if (dataset === null) return null;
  try {
    const entry = await dataset.latestCalibration("color", serialsOf(config));
    if (entry === null) return null;
    const record = await dataset.readCalibration(entry.calibrationId);
    return record.kind === "color" ? record : null;
  } finally {
    await dataset.close();
  }
}

function nothingToRefit(store: string): CallerError {
  return new CallerError("NOT_FOUND", `There is no color calibration of these cameras in ${store}.`, {
    advice: "Calibrate color without --gray first.",
  });
}
