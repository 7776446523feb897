/** `nearfar calibrate color` on a rig. */
import { CallerError, NearfarError } from "../../base/errors.js";
import type { FitLoss } from "../../calibration/color/color-fit.js";
import { editionOf } from "../../calibration/color/edition.js";
import { calibrateColorOnRig, refitColorOnRig } from "../../calibration/color/rig-color.js";
import { refitValidDays } from "../../calibration/color/session-refit.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { ColorCheckerEdition } from "../../color/color-checker.js";
import { createVision } from "../../native/vision.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { readTarget, targetsFolder } from "../../targets/read-targets.js";
import type { Services } from "../services.js";
import { colorFindings } from "./color-result.js";
import { keepRecords, newRecord, rigOf, serialsOf } from "./keep-record.js";
import { requireSomebody } from "./require-somebody.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { withShooter } from "./with-shooter.js";
import { withDataset } from "./with-store.js";

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

/** @throws CallerError USAGE for an unknown edition, NOT_FOUND for an unknown chart. */
export async function chartOf(
  services: Services,
  { target, chart = "colorchecker-mini" }: Pick<ColorRigOptions, "target" | "chart">,
): Promise<{ readonly edition: ColorCheckerEdition; readonly chart: string }> {
  const edition = editionOf(target);
  const { id } = await readTarget(targetsFolder(services.programFolder), chart);
  return { edition, chart: id };
}

/** @throws CallerError and WorldError as `calibrateColorOnRig`; nothing is stored then. Status 5 when a gate fails. */
export async function runColorOnRig(services: Services, options: ColorRigOptions): Promise<void> {
  const { terminal } = services;
  const { edition, chart } = await chartOf(services, options);
  const config = await loadRigConfig(options.rig);
  requireSomebody(services, config);
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
      const result =
        options.gray && previous !== null
          ? { ...(await refitColorOnRig(shooter, previous, shown)), validDays: refitValidDays }
          : await calibrateColorOnRig(shooter, { ...shown, edition, previous, loss });
      return newRecord(services, rigOf(shooter), result);
    } finally {
      await vision.close();
    }
  });
  await keepRecords(services, options.store, [record]);
  tellRecord(services, record, options, { findings: colorFindings });
}

/** The newest color calibration of the same cameras that did not fail and is no refit; null when there is none, or no store yet. */
async function previousColor(
  services: Services,
  store: string,
  config: RigConfig,
): Promise<ColorCalibration | null> {
  const newest = withDataset(services, store, async (dataset) => {
    for (const entry of await dataset.calibrations({ kind: "color", serials: serialsOf(config) })) {
      if (entry.verdict === "FAIL") continue;
      const record = await dataset.readCalibration(entry.calibrationId);
      if (record.kind === "color" && record.refitOf === null) return record;
    }
    return null;
  });
  return newest.catch((error: unknown) => {
    if (error instanceof NearfarError && error.code === "STORE_NOT_FOUND") return null;
    throw error;
  });
}

function nothingToRefit(store: string): CallerError {
  return new CallerError("NOT_FOUND", `There is no color calibration of these cameras in ${store}.`, {
    advice: "Calibrate color without --gray first.",
  });
}
