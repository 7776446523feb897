/** An aligned pair as a folder of its own: its files under their names, and record.json. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CallerError } from "../../base/errors.js";
import { type AlignmentRecord, alignmentFiles } from "../../schema/alignment.js";
import { alignmentText, parseAlignmentText } from "../../schema/alignment-text.js";
import type { AlignedFile, AlignedPair } from "../aligned-pair.js";
import { allWritten } from "./all-written.js";

const recordName = "record.json";

/**
 * Before long work: may the pair be written there?
 * @throws CallerError NOT_FOUND when the folder that it goes into is not there; OUTPUT_EXISTS when something is
 *   there, unless it is empty, or an aligned pair and `force`; USAGE for a name that cannot be.
 */
export async function requireFreeFolder(folder: string, force: boolean): Promise<void> {
  const parent = dirname(resolve(folder));
  await access(parent).catch((cause) => {
    throw new CallerError("NOT_FOUND", `There is no folder ${parent}.`, {
      advice: "Make it first, or choose another place.",
      cause,
    });
  });
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw exists(folder, "It is a file: name a folder.");
    throw asWriteError(folder, error);
  });
  if (names.length === 0) return;
  if (!(await holdsPair(folder))) throw exists(folder, "It holds something else: choose another folder.");
  if (!force) throw exists(folder, "Use --force to replace the aligned pair in it.");
}

/**
 * Writes all or nothing: into a folder beside it, which then takes the name. With `force` an aligned pair that is
 * there is replaced.
 * @throws as {@link requireFreeFolder}; CallerError USAGE when it cannot be written.
 */
export async function writeAlignedPair(
  folder: string,
  pair: AlignedPair,
  { force = false }: { readonly force?: boolean } = {},
): Promise<AlignmentRecord> {
  await requireFreeFolder(folder, force);
  const temp = `${resolve(folder)}.${randomUUID()}.tmp`;
  try {
    await mkdir(temp);
    const files = await allWritten(pair.files.map((file) => writeFile(temp, file)));
    const record = { ...pair.record, files };
    await writeParts(join(temp, recordName), [Buffer.from(alignmentText(record))]);
    await takeName(temp, resolve(folder));
    return record;
  } catch (error) {
    await rm(temp, { recursive: true, force: true }).catch(() => {});
    throw asWriteError(folder, error);
  }
}

/** Defects, which no system call raised, pass through. */
function asWriteError(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  return new CallerError("USAGE", `Cannot write ${folder}: ${error.message}`, {
    advice: "Nothing was written. Free space there, or choose another place.",
    cause: error,
  });
}

async function holdsPair(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, recordName), "utf8").catch(() => "");
  return parseAlignmentText(text).ok;
}

async function writeFile(
  folder: string,
  { name, parts }: AlignedFile,
): Promise<AlignmentRecord["files"][number]> {
  await writeParts(join(folder, `${name}${alignmentFiles[name]}`), parts);
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return { name, sha256: hash.digest("hex"), bytes };
}

async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (const part of parts) await file.writeFile(part);
  } finally {
    await file.close();
  }
}

/** `temp` becomes `folder`; what was there goes last, so that one of the two is always there. */
async function takeName(temp: string, folder: string): Promise<void> {
  const old = `${temp}.old`;
  const replaced = await rename(folder, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(temp, folder);
  } catch (error) {
    if (replaced) await rename(old, folder);
    throw error;
  }
  if (replaced) await rm(old, { recursive: true });
}

function exists(folder: string, advice: string): CallerError {
  return new CallerError("OUTPUT_EXISTS", `${folder} is there already.`, { advice });
}
