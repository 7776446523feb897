import { Command } from "commander";
import { allCommand } from "../calibrate/all-command.js";
import { checkCommand } from "../calibrate/check-command.js";
import { colorCommand } from "../calibrate/color-command.js";
import { compareCommand } from "../calibrate/compare-command.js";
import { exportCommand } from "../calibrate/export-command.js";
import { geometryCommand } from "../calibrate/geometry-command.js";
import { importCommand } from "../calibrate/import-command.js";
import { lightCommand } from "../calibrate/light-command.js";
import { listCommand } from "../calibrate/list-command.js";
import { reportCommand } from "../calibrate/report-command.js";
import { resolveCommand } from "../calibrate/resolve-command.js";
import { showCommand } from "../calibrate/show-command.js";
import { syncCommand } from "../calibrate/sync-command.js";
import { trackCommand } from "../calibrate/track-command.js";
import type { Services } from "../services.js";

const parts = [
  allCommand,
  syncCommand,
  geometryCommand,
  checkCommand,
  colorCommand,
  lightCommand,
  trackCommand,
  reportCommand,
  listCommand,
  showCommand,
  resolveCommand,
  compareCommand,
  exportCommand,
  importCommand,
] as const;

export function calibrateCommand(services: Services): Command {
  const command = new Command("calibrate").description(
    "Calibrate trigger, geometry, color and light of a rig, or a camera from pictures.",
  );
  for (const part of parts) command.addCommand(part(services));
  return command;
}
