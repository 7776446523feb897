/** The list of face networks on disk: reading and checking it. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CallerError, WorldError } from "../base/errors.js";
import { parseCheckedYaml } from "../schema/checked-yaml.js";
import { type FaceNets, faceNetsSchema } from "../schema/face-nets.js";

/** Where set-up writes the converted networks; the same folder from src/ and from dist/. */
const shippedList = fileURLToPath(new URL("../../dist/face-nets/face-nets.json", import.meta.url));

/**
 * Reads a list of networks (JSON or YAML); paths in it are relative to its folder.
 * @param path by default the networks that set-up converted.
 * @throws CallerError CONFIG_NOT_FOUND when the file cannot be read, CONFIG_INVALID when it does not
 *   fit the schema; WorldError BACKEND_MISSING when the converted networks are not there.
 */
export async function readFaceNets(path: string = shippedList): Promise<FaceNets> {
  const checked = parseCheckedYaml(await readList(path), faceNetsSchema);
  if (!checked.ok) {
    const lines = checked.problems.map(({ line, field, message }) => `${path}:${line}: ${field}: ${message}`);
    throw new CallerError("CONFIG_INVALID", `The list of face networks is not valid:\n${lines.join("\n")}`, {
      advice: "Compare it with dist/face-nets/face-nets.json, which set-up writes.",
    });
  }
  const folder = dirname(path);
  const { detector, mesh, iris } = checked.value;
  return {
    detector: { ...detector, path: resolve(folder, detector.path) },
    mesh: { ...mesh, path: resolve(folder, mesh.path) },
    iris: { ...iris, path: resolve(folder, iris.path) },
  };
}

/** sha256 of each network, in the order of roles: detector, mesh, iris. */
export function faceNetHashes({ detector, mesh, iris }: FaceNets): readonly string[] {
  return [detector.sha256, mesh.sha256, iris.sha256];
}

async function readList(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (path === shippedList) {
      throw new WorldError("BACKEND_MISSING", `The face networks are not built: there is no ${path}.`, {
        advice: "Run `npm run setup`; it converts them.",
        cause,
      });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CallerError("CONFIG_NOT_FOUND", `The list of face networks cannot be read: ${why}`, {
      advice: "Name a file like dist/face-nets/face-nets.json, or leave the option out.",
      cause,
    });
  }
}
