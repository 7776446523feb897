/** `nearfar calibrate all`: everything that a rig needs, one part after the other. */
import { Command } from "commander";
import { chartTargets, usualChartTarget } from "../../calibration/color/edition.js";
import { loadRigConfig } from "../../capture/load-config.js";
import type { Services } from "../services.js";
import { chartOf, runColorOnRig } from "./color-rig.js";
import { formerViewsOptions } from "./geometry-command.js";
import { runGeometryOnRig } from "./geometry-rig.js";
import { type FormerViews, requireFormerViewsAsSaid } from "./kept-views.js";
import { runLight, usualLightShots } from "./light-command.js";
import { requireSomebody } from "./require-somebody.js";
import { stopList, stopsOnRail, usualStopsMm } from "./stop-list.js";
import { runSync, syncShotCount, usualSyncShots } from "./sync-command.js";
import type { HowTold } from "./tell-record.js";
import { usualViews, viewCount } from "./view-count.js";

interface AllOptions extends HowTold, FormerViews {
  readonly rig: string;
  readonly store: string;
  readonly stops?: readonly number[];
  readonly views: number;
  readonly shots: number;
  readonly target: string;
  readonly chart?: string;
  readonly writeConfig?: boolean;
}

const geometry = { title: "Geometry", run: runGeometryOnRig };

/** Trigger first, because the others shoot by it; geometry last, because it takes longest. */
const parts = [
  { title: "Trigger", run: runSync },
  { title: "Color", run: runColorOnRig },
  {
    title: "Plate and light",
    run: (services: Services, options: AllOptions) =>
      runLight(services, { ...options, shots: usualLightShots }),
  },
  geometry,
] as const;

/**
 * With `resume` only what was broken off; the records of the parts before it are kept.
 * @throws CallerError before anything moves, if one part cannot be; else what the first part that cannot be finished
 *   throws: the records of those before it are kept.
 */
async function runAll(services: Services, options: AllOptions): Promise<void> {
  const config = await loadRigConfig(options.rig);
  const stops = stopsOnRail(config, options.stops);
  requireSomebody(services, config);
  await chartOf(services, options);
  await requireFormerViewsAsSaid(services, options.store, config, options);
  for (const { title, run } of options.resume ? [geometry] : parts) {
    if (!options.json && !options.brief) services.terminal.print(`== ${title}`);
    await run(services, { ...options, stops });
  }
}

export function allCommand(services: Services): Command {
  const command = new Command("all")
    .description("Calibrate trigger, color, plate and light, and geometry of a rig, one after the other.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset that keeps the records; made when it is not there")
    .option("--stops <list>", `stops of the rail in mm (${usualStopsMm.join(",")})`, stopList)
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
  for (const option of formerViewsOptions()) command.addOption(option);
  return command;
}
