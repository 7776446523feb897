/** Files that a command makes where the user says. */
import { access, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CallerError } from "../base/errors.js";

/**
 * Before long work: can this file be written?
 * @throws CallerError NOT_FOUND when its folder is not there, OUTPUT_EXISTS unless `force`.
 */
export async function requireWritable(path: string, force: boolean): Promise<void> {
  const folder = dirname(resolve(path));
  await access(folder).catch((cause) => {
    throw new CallerError("NOT_FOUND", `There is no folder ${folder}.`, {
      advice: "Make it first, or choose another place.",
      cause,
    });
  });
  if (force) return;
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw exists(path);
}

/** @throws CallerError OUTPUT_EXISTS unless `force`, NOT_FOUND, USAGE when it cannot be written. */
export async function writeOutput(path: string, bytes: Uint8Array, force: boolean): Promise<void> {
  await requireWritable(path, force);
  await writeFile(path, bytes, { flag: force ? "w" : "wx" }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EEXIST") throw exists(path);
    throw new CallerError("USAGE", `Cannot write ${path}: ${cause.message}`, {
      advice: "Choose another place.",
      cause,
    });
  });
}

function exists(path: string): CallerError {
  return new CallerError("OUTPUT_EXISTS", `${path} is there already.`, {
    advice: "Use --force to replace it.",
  });
}
