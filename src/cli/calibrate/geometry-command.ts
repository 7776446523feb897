import { Command } from "commander";
import type { Services } from "../services.js";
import { addGeometryFileOptions, type GeometryFileOptions, runGeometryOnFiles } from "./geometry-files.js";
import { addGeometryRigOptions, type GeometryRigOptions, runGeometryOnRig } from "./geometry-rig.js";

export function geometryCommand(services: Services): Command {
  const command = new Command("geometry").description(
    "Calibrate where cameras look: one camera from pictures of a board, or both cameras of a rig; with what it is worth.",
  );
  addGeometryFileOptions(command);
  addGeometryRigOptions(command);
  return command.action((options: GeometryFileOptions & GeometryRigOptions) =>
    options.rig === undefined ? runGeometryOnFiles(services, options) : runGeometryOnRig(services, options),
  );
}
