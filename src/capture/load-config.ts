import { dirname, resolve } from "node:path";
import { type RigConfig, rigConfigSchema } from "../schema/rig-config.js";
import type { VirtualLens } from "../schema/virtual-optics.js";
import { readYamlFile } from "./yaml-file.js";

/**
 * Reads a rig config file.
 * @throws CallerError CONFIG_NOT_FOUND, or CONFIG_INVALID naming file, line, column and field of
 *   every problem.
 */
export async function loadRigConfig(path: string): Promise<RigConfig> {
  const config = await readYamlFile(path, rigConfigSchema, {
    noun: "rig config",
    invalid: "CONFIG_INVALID",
    notFoundAdvice:
      "Give the path of a rig config; `nearfar rig list` names the ones that come with nearfar.",
  });
  return fromFolder(dirname(resolve(path)), config);
}

/** Files and folders that a config names are looked for beside it. */
function fromFolder(folder: string, config: RigConfig): RigConfig {
  if (config.virtual === undefined) return config;
  const { ictFaceKit, optics } = config.virtual;
  const sensitivity = (lens: VirtualLens): VirtualLens =>
    lens.sensitivity.includes(".csv") ? { ...lens, sensitivity: resolve(folder, lens.sensitivity) } : lens;
  return {
    ...config,
    virtual: {
      ...config.virtual,
      ...(ictFaceKit === undefined ? {} : { ictFaceKit: resolve(folder, ictFaceKit) }),
      optics: { ...optics, near: sensitivity(optics.near), far: sensitivity(optics.far) },
    },
  };
}
