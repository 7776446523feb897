import { type RigConfig, rigConfigSchema } from "../schema/rig-config.js";
import { readYamlFile } from "./yaml-file.js";

/**
 * Reads a rig config file.
 * @throws CallerError CONFIG_NOT_FOUND, or CONFIG_INVALID naming file, line, column and field of
 *   every problem.
 */
export function loadRigConfig(path: string): Promise<RigConfig> {
  return readYamlFile(path, rigConfigSchema, {
    noun: "rig config",
    invalid: "CONFIG_INVALID",
    notFoundAdvice:
      "Give the path of a rig config; `nearfar rig list` names the ones that come with nearfar.",
  });
}
