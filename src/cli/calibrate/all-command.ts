/** `nearfar calibrate all`: everything that a rig needs, one part after the other. */
import { Command } from "commander";
import { chartTargets, usualChartTarget } from "../../calibration/color/edition.js";
import type { Services } from "../services.js";
import { runColorOnRig } from "./color-rig.js";
import { runGeometryOnRig } from "./geometry-rig.js";
import { runLight, usualLightShots } from "./light-command.js";
import { stopList, usualStopsMm } from "./stop-list.js";
import { runSync, syncShotCount, usualSyncShots } from "./sync-command.js";
import type { HowTold } from "./tell-record.js";
import { usualViews, viewCount } from "./view-count.js";

export interface AllOptions extends HowTold {
  readonly rig: string;
  readonly store: string;
  readonly stops: readonly number[];
  readonly views: number;
  readonly shots: number;
  readonly target: string;
  readonly chart?: string;
  readonly writeConfig?: boolean;
}

/** Trigger first, because the others shoot by it; geometry last, because it takes longest. */
const parts = [
  { title: "Trigger", run: runSync },
  { title: "Color", run: runColorOnRig },
  {
    title: "Plate and light",
    run: (services: Services, options: AllOptions) =>
      runLight(services, { ...options, shots: usualLightShots }),
  },
  { title: "Geometry", run: runGeometryOnRig },
] as const;

/** @throws what the first part that cannot be finished throws; the records of those before it are kept. */
export async function runAll(services: Services, options: AllOptions): Promise<void> {
  for (const { title, run } of parts) {
    if (!options.json && !options.brief) services.terminal.print(`== ${title}`);
    await run(services, options);
  }
}

export function allCommand(services: Services): Command {
  return new Command("all")
    .description("Calibrate trigger, color, plate and light, and geometry of a rig, one after the other.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset that keeps the records; made when it is not there")
    .option("--stops <list>", "stops of the rail, mm, with commas between", stopList, usualStopsMm)
    .option("--views <number>", "views of boards at each stop; 30 for the best", viewCount, usualViews)
    .option(
      "--shots <number>",
      "to measure the trigger with, and as many again to verify",
      syncShotCount,
      usualSyncShots,
    )
    .option("--target <chart>", `edition of the chart: ${chartTargets.join(" or ")}`, usualChartTarget)
    .option("--chart <id>", "the color chart, as `targets list` prints it", "colorchecker-mini")
    .option("--write-config", "put the trigger delays into the rig config; its comments stay")
    .option("--json", "print each record as one JSON line")
    .action((options: AllOptions) => runAll(services, options));
}
