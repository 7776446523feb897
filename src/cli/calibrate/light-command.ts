import { Command } from "commander";
import { boardDescriptionHelp } from "../../calibration/geometry/observations/board-description.js";
import { calibrateLight, lightValidDays } from "../../calibration/light/calibrate-light.js";
import type { PlateGlass } from "../../calibration/light/plate-ghost.js";
import { planBoards } from "../../calibration/rig/plan-boards.js";
import { farDistanceOf } from "../../calibration/rig/rig-field.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createVision } from "../../native/vision.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { targetsFolder } from "../../targets/read-targets.js";
import { between, wholeNumber } from "../option-values.js";
import type { Services } from "../services.js";
import { keepRecords, newRecord, rigOf } from "./keep-record.js";
import { lightFindings } from "./light-result.js";
import { requireSomebody } from "./require-somebody.js";
import { stopList, stopsOnRail, usualStopsMm } from "./stop-list.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { withShooter } from "./with-shooter.js";

export interface LightOptions extends HowTold {
  readonly rig: string;
  readonly store: string;
  readonly stops?: readonly number[];
  readonly board?: string;
  readonly shots: number;
  readonly plate?: number;
  readonly index?: number;
  readonly farDistance?: number;
  readonly polariser?: boolean;
}

const usualIndex = 1.52;
/** Averaged where nothing else is asked for. */
export const usualLightShots = 4;

/** Of the options, else of the virtual rig's own plate; null: unknown. */
function glassOf({ virtual }: RigConfig, { plate, index }: LightOptions): PlateGlass | null {
  const own = virtual?.optics.plate;
  const thicknessMm = plate ?? (own?.present === true ? own.thicknessMm : undefined);
  if (thicknessMm === undefined || thicknessMm === 0) return null;
  return { thicknessMm, refractiveIndex: index ?? own?.refractiveIndex ?? usualIndex };
}

export async function runLight(services: Services, options: LightOptions): Promise<void> {
  const { terminal } = services;
  const config = await loadRigConfig(options.rig);
  const stopsMm = stopsOnRail(config, options.stops);
  requireSomebody(services, config);
  const { knownAt } = await planBoards(stopsMm, options.board, targetsFolder(services.programFolder));
  const vision = createVision();
  try {
    const record = await withShooter(services, config, async (shooter, signal) => {
      const outcome = await calibrateLight(shooter, {
        stopsMm,
        boardAt: knownAt,
        vision,
        farDistanceMm: options.farDistance ?? farDistanceOf(config),
        glass: glassOf(config, options),
        shots: options.shots,
        polarised: options.polariser ?? shooter.guide.automatic,
        signal,
        onProgress: (step, done, all) => terminal.progress(`${done + 1} of ${all}: ${step}`),
      });
      return newRecord(services, rigOf(shooter), { ...outcome, validDays: lightValidDays });
    });
    await keepRecords(services, options.store, [record]);
    tellRecord(services, record, options, { findings: lightFindings });
  } finally {
    await vision.close();
  }
}

export function lightCommand(services: Services): Command {
  return new Command("light")
    .description(
      "Measure the plate's ghost, the veil, polarisation, and sharpness and best focus of both lenses.",
    )
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset that keeps the record; made when it is not there")
    .option("--stops <list>", `stops of the rail in mm (${usualStopsMm.join(",")})`, stopList)
    .option("--board <description>", `at all stops; ${boardDescriptionHelp}`)
    .option(
      "--shots <number>",
      "averaged for ghost, veil and polarisation",
      wholeNumber(1, 100),
      usualLightShots,
    )
    .option("--plate <mm>", "thickness of the plate, to predict its ghost", between(0.1, 20, " mm"))
    .option("--index <n>", "refractive index of its glass (default 1.52)", between(1.01, 2.5))
    .option(
      "--far-distance <mm>",
      "far entrance pupil to eye plane (default: the virtual rig's own, else 1600)",
      between(300, 10_000, " mm"),
    )
    .option("--polariser", "polarisers for the lamps are at hand; a virtual rig has them")
    .option("--no-polariser", "leave polarisation out")
    .option("--json", "print the record as one JSON line")
    .action((options: LightOptions) => runLight(services, options));
}
