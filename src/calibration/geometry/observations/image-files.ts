/** Picture files that a user names: files, folders, patterns. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CallerError } from "../../../base/errors.js";
import { readGrayFile } from "../../../imaging/gray-file.js";
import type { ImageSource } from "./detect-boards.js";

const pictureName = /\.(png|jpe?g|tiff?|webp)$/i;
const naturally = new Intl.Collator("en", { numeric: true });

/**
 * The pictures of folders (not of folders in them; other files are passed over), the files that a pattern with `*`
 * or `?` in its last part fits, and single files; each once, sorted by name with numbers as numbers.
 * @throws CallerError NOT_FOUND when a name leads to no picture.
 */
export async function imageFiles(names: readonly string[]): Promise<ImageSource[]> {
  const paths = new Set<string>();
  for (const name of names) {
    for (const path of await pathsOf(name)) paths.add(path);
  }
  const sorted = [...paths].sort(naturally.compare);
  const short = new Set(sorted.map((path) => basename(path))).size === sorted.length;
  return sorted.map((path) => ({
    image: short ? basename(path) : path,
    load: (signal) => readGrayFile(path, signal),
  }));
}

async function pathsOf(name: string): Promise<string[]> {
  const there = await stat(name).catch(nullIfAbsent);
  if (there?.isFile()) return [name];
  const folder = there === null ? dirname(name) : name;
  const wanted = there === null ? patternOf(basename(name)) : pictureName;
  const files = wanted === null ? null : await filesOf(folder);
  if (files === null) {
    throw new CallerError("NOT_FOUND", `There is no file or folder ${name}.`, {
      advice: /[[\]{}]/.test(name)
        ? "In patterns only * and ? stand for other characters."
        : "Check the path.",
    });
  }
  const fitting = files.filter((file) => wanted?.test(file));
  if (fitting.length > 0) return fitting.map((file) => join(folder, file));
  throw new CallerError("NOT_FOUND", `There is no picture in ${name}.`, {
    advice: "Name a folder of PNG, JPEG, TIFF or WebP files, or the files themselves.",
  });
}

async function filesOf(folder: string): Promise<string[] | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(nullIfAbsent);
  return entries === null ? null : entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}

/** @throws CallerError NOT_FOUND for what is there and may not be read. */
function nullIfAbsent(cause: unknown): null {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return null;
  throw new CallerError("NOT_FOUND", `It cannot be read: ${message}.`, {
    advice: "Name files and folders that you may read.",
    cause,
  });
}

/** `left*.jpg` as an expression; null without a wildcard. */
function patternOf(name: string): RegExp | null {
  if (!/[*?]/.test(name)) return null;
  const literal = name.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
