import { Command } from "commander";
import { type AlignOptions, addAlignOptions, aimOf } from "../align/align-options.js";
import { checkCommand } from "../align/check-command.js";
import { listCommand } from "../align/list-command.js";
import { picturesCommand } from "../align/pictures-command.js";
import { alignFiles } from "../align/run-files.js";
import { alignStore } from "../align/run-store.js";
import { showCommand } from "../align/show-command.js";
import type { Services } from "../services.js";

const examples = `
Examples:
  nearfar align --store data                        all pairs; run again, it goes on where it ended
  nearfar align --store data --session ID --jobs 4
  nearfar align --store data --dry-run              what would be done, by which calibrations
  nearfar align --near n.tif --far f.tif --calibration pair.json --distance 450 --out aligned`;

export function alignCommand(services: Services): Command {
  const command = new Command("align")
    .description("Align pairs: canonical images, flow, depth and quality, by the calibrations that hold.")
    .enablePositionalOptions()
    .addHelpText("after", examples);
  addAlignOptions(command).action((options: AlignOptions) =>
    aimOf(options) === "store"
      ? alignStore(services, options.store as string, options)
      : alignFiles(services, options),
  );
  for (const part of [listCommand, showCommand, picturesCommand, checkCommand])
    command.addCommand(part(services));
  return command;
}
