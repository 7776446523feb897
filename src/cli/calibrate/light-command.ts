import { Command, InvalidArgumentError } from "commander";
import { CallerError } from "../../base/errors.js";
import { boardsOfTarget } from "../../calibration/geometry/observations/known-boards.js";
import type { KnownBoard } from "../../calibration/geometry/observations/seen-board.js";
import { calibrateLight, lightValidDays } from "../../calibration/light/calibrate-light.js";
import type { PlateGlass } from "../../calibration/light/plate-ghost.js";
import { daysAfter } from "../../calibration/record/create-record.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createVision } from "../../native/vision.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { readTarget, targetsFolder } from "../../targets/read-targets.js";
import type { Services } from "../services.js";
import { keepRecords, rigOf, rigRecord } from "./keep-record.js";
import { lightFindings } from "./light-result.js";
import { stopList, usualStopsMm } from "./stop-list.js";
import { type HowTold, tellRecord } from "./tell-record.js";
import { withShooter } from "./with-shooter.js";

export interface LightOptions extends HowTold {
  readonly rig: string;
  readonly store: string;
  readonly stops: readonly number[];
  readonly shots: number;
  readonly plate?: number;
  readonly index?: number;
  readonly farDistance?: number;
  readonly polariser?: boolean;
}

/** Below this the view is too small for the board that the others use. */
const smallBoardBelowMm = 300;
const boards = { small: "charuco-small", large: "charuco-a4" } as const;
/** Far entrance pupil to eye plane where nothing tells it: the rig's design. */
const usualFarMm = 1600;
const usualIndex = 1.52;
/** Averaged where nothing else is asked for. */
export const usualLightShots = 4;

const between =
  (least: number, most: number, unit: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be from ${least} to ${most}${unit}`);
  };

function wholeShots(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  throw new InvalidArgumentError("must be a whole number from 1 to 100");
}

/** Checked before anything is opened, so that a call is refused whole. */
function requireStopsOnRail({ rail }: RigConfig, stopsMm: readonly number[]): void {
  const beyond = stopsMm.find((distanceMm) => distanceMm < rail.minMm || distanceMm > rail.maxMm);
  if (beyond === undefined) return;
  throw new CallerError("USAGE", `The rail does not reach ${beyond} mm.`, {
    advice: `Give stops from ${rail.minMm} to ${rail.maxMm} mm.`,
  });
}

/** Of the options, else of the virtual rig's own plate; null: unknown. */
function glassOf({ virtual }: RigConfig, { plate, index }: LightOptions): PlateGlass | null {
  const own = virtual?.optics.plate;
  const thicknessMm = plate ?? (own?.present === true ? own.thicknessMm : undefined);
  if (thicknessMm === undefined || thicknessMm === 0) return null;
  return { thicknessMm, refractiveIndex: index ?? own?.refractiveIndex ?? usualIndex };
}

async function boardOf(services: Services, id: string): Promise<KnownBoard> {
  const target = await readTarget(targetsFolder(services.programFolder), id);
  return boardsOfTarget(target)[0] as KnownBoard;
}

export async function runLight(services: Services, options: LightOptions): Promise<void> {
  const { terminal } = services;
  const config = await loadRigConfig(options.rig);
  requireStopsOnRail(config, options.stops);
  const [small, large] = [await boardOf(services, boards.small), await boardOf(services, boards.large)];
  const vision = createVision();
  try {
    const record = await withShooter(services, config, async (shooter, signal) => {
      const outcome = await calibrateLight(shooter, {
        stopsMm: options.stops,
        boardAt: (distanceMm) => (distanceMm < smallBoardBelowMm ? small : large),
        vision,
        farDistanceMm: options.farDistance ?? config.virtual?.optics.farDistanceMm ?? usualFarMm,
        glass: glassOf(config, options),
        shots: options.shots,
        polarised: options.polariser ?? shooter.guide.automatic,
        signal,
        onProgress: (step, done, all) => terminal.progress(`${done + 1} of ${all}: ${step}`),
      });
      const expiresAt = (createdAt: string): string => daysAfter(createdAt, lightValidDays);
      return rigRecord(services, rigOf(shooter), { ...outcome, expiresAt });
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
    .option("--stops <list>", "rail stops, mm, with commas between", stopList, usualStopsMm)
    .option("--shots <number>", "averaged for ghost, veil and polarisation", wholeShots, usualLightShots)
    .option("--plate <mm>", "thickness of the plate, to predict its ghost", between(0.1, 20, " mm"))
    .option("--index <n>", "refractive index of its glass (default 1.52)", between(1.01, 2.5, ""))
    .option(
      "--far-distance <mm>",
      "far entrance pupil to eye plane (default 1600)",
      between(300, 10_000, " mm"),
    )
    .option("--polariser", "polarisers for the lamps are at hand; a virtual rig has them")
    .option("--no-polariser", "leave polarisation out")
    .option("--json", "print the record as one JSON line")
    .action((options: LightOptions) => runLight(services, options));
}
