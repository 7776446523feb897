/** Reads the definitions of calibration/targets. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CallerError } from "../base/errors.js";
import { builtInTargets, type TargetDefinition, targetDefinition } from "../schema/target.js";

const suffix = ".json";

/** Folder of the definitions inside the installed program. */
export function targetsFolder(programFolder: string): string {
  return join(programFolder, "calibration", "targets");
}

/** Ids of all definitions, sorted. */
export async function targetIds(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

/**
 * @throws CallerError NOT_FOUND for an id without a file, CONFIG_INVALID for a file that breaks the
 * schema or carries another id.
 */
export async function readTarget(folder: string, id: string): Promise<TargetDefinition> {
  const ids = await targetIds(folder);
  if (!ids.includes(id)) throw unknownTarget(id, ids);
  const path = join(folder, id + suffix);
  const parsed = targetDefinition.safeParse(parseJson(path, await readFile(path, "utf8")));
  if (!parsed.success) throw invalid(path, z.prettifyError(parsed.error));
  if (parsed.data.id !== id) throw invalid(path, `its id is ${parsed.data.id}`);
  return parsed.data;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

function unknownTarget(id: string, ids: readonly string[]): CallerError {
  if (builtInTargets.some((target) => target.id === id)) {
    return new CallerError(
      "NOT_FOUND",
      `The target ${id} exists in the virtual rig only; it has no definition.`,
      {
        advice: `Targets with a definition: ${ids.join(", ")}.`,
      },
    );
  }
  return new CallerError("NOT_FOUND", `There is no target called "${id}".`, {
    advice: `Targets: ${ids.join(", ")}.`,
  });
}

function invalid(path: string, why: string): CallerError {
  return new CallerError("CONFIG_INVALID", `${path} is no target definition: ${why}`, {
    advice: "calibration/targets/README.md describes the format; git can restore the file.",
  });
}
