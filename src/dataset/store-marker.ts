/** STORE.json: says that a folder is a nearfar store, and of which version. */
import { access, constants, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { CallerError, WorldError } from "../base/errors.js";
import { syncDirectory, writeFileDurably } from "./durable-files.js";
import { codeOf } from "./error-code.js";
import { type StoreLayout, storeEntries } from "./layout.js";

/** Version of the folder layout; the database has its own (migrations.ts). */
export const storeVersion = 1;

const markerSchema = z.object({ format: z.literal("nearfar-store"), version: z.int().min(1) });

const readmeText = `This folder is a nearfar store: paired near/far portraits and everything known about them.

objects/   frames and aligned images (.tif), arrays of aligned pairs (.npy), calibrations and records of aligned
           pairs (.json), each named by the sha256 of its content; never edit, move or link them for writing
shots/     one JSON file per shot with all its metadata
journal.jsonl   sessions, subjects and events, one JSON line each, in order
nearfar.sqlite  the database; it can be rebuilt from shots/ and journal.jsonl
previews/  small JPEGs, can be deleted
incoming/  files being written, can be deleted when no program writes

Copy it while no program writes to it, and keep all of it together.
`;

/**
 * Reads the marker; null when the folder holds none.
 * @throws CallerError STORE_PATH when the path is a file or leads through one; WorldError FILE_CORRUPT when it is not a marker, STORE_NEWER when a newer nearfar made it.
 */
export async function readMarker(layout: StoreLayout): Promise<{ readonly version: number } | null> {
  let text: string;
  try {
    text = await readFile(layout.marker, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    if (codeOf(error) === "ENOTDIR") throw notAFolder(layout, error);
    throw error;
  }
  const marker = markerSchema.safeParse(parseJson(text));
  if (!marker.success) {
    throw new WorldError("FILE_CORRUPT", `${layout.marker} is not the marker of a nearfar store`, {
      advice: `Restore it from a backup; its content is {"format":"nearfar-store","version":${storeVersion}}.`,
    });
  }
  if (marker.data.version > storeVersion)
    throw storeNewerError(layout, "store", marker.data.version, storeVersion);
  return marker.data;
}

/** Refuses a folder that is not a store. @throws CallerError STORE_NOT_FOUND, and what {@link readMarker} throws. */
export async function requireMarker(layout: StoreLayout): Promise<void> {
  if ((await readMarker(layout)) !== null) return;
  throw new CallerError("STORE_NOT_FOUND", `there is no nearfar store in ${layout.directory}`, {
    advice: "Check the path; `nearfar capture` makes a new store in an empty folder.",
  });
}

function notAFolder(layout: StoreLayout, cause: unknown): CallerError {
  return new CallerError(
    "STORE_PATH",
    `${layout.directory} cannot be a store: it, or what it lies in, is a file`,
    {
      advice:
        "Name a folder; a new store is made in one that is empty or not there yet. Nothing was touched.",
      cause,
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function storeNewerError(
  layout: StoreLayout,
  what: string,
  version: number,
  known: number,
): WorldError {
  return new WorldError(
    "STORE_NEWER",
    `${layout.directory} was made by a newer nearfar: ${what} version ${version}, this program knows ${known}`,
    { advice: "Update nearfar and open it again; nothing in the folder was touched." },
  );
}

/**
 * Makes the folder and its marker. The folder must be missing, empty, or the remains of an
 * interrupted creation.
 * @throws CallerError STORE_NOT_FOUND when it holds anything else, STORE_PATH when it is no folder.
 */
export async function createMarker(layout: StoreLayout): Promise<void> {
  await makeFolder(layout);
  const foreign = (await readdir(layout.directory)).find(
    (name) => !storeEntries.has(name) && !/^(STORE\.json|README)\..*\.tmp$/.test(name),
  );
  if (foreign !== undefined) {
    throw new CallerError(
      "STORE_NOT_FOUND",
      `${layout.directory} is not a nearfar store and not empty (${foreign})`,
      {
        advice: "Choose a new or empty folder for the store.",
      },
    );
  }
  await access(layout.directory, constants.W_OK);
  await writeFileDurably(layout.readme, readmeText, layout.directory);
  await writeFileDurably(
    layout.marker,
    `${JSON.stringify({ format: "nearfar-store", version: storeVersion })}\n`,
    layout.directory,
  );
  await syncDirectory(dirname(layout.directory));
}

/** Makes a folder and its parents. Node says ENOENT where a read-only file system refuses; this asks again. */
async function makeFolder(layout: StoreLayout): Promise<void> {
  try {
    await mkdir(layout.directory, { recursive: true });
  } catch (error) {
    // A link that leads nowhere is there, but is no folder.
    if (codeOf(error) === "EEXIST" || codeOf(error) === "ENOTDIR") throw notAFolder(layout, error);
    if (codeOf(error) === "ENOENT") await access(await nearestExisting(layout.directory), constants.W_OK);
    throw error;
  }
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return nearestExisting(dirname(path));
  }
}
