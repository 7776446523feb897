import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programFolder } from "./program-folder.js";

/** Text of a file of the program, or null when there is none. */
function textOf(...path: readonly string[]): string | null {
  try {
    return readFileSync(join(programFolder, ...path), "utf8");
  } catch {
    return null;
  }
}

/** The commit that is checked out, 12 hex digits; null outside a clone. Read from git's own files: git may be absent. */
function commit(): string | null {
  const head = textOf(".git", "HEAD")?.trim();
  const reference = head?.match(/^ref: (\S+)$/)?.[1];
  const id =
    reference === undefined
      ? head
      : (textOf(".git", reference)?.trim() ??
        textOf(".git", "packed-refs")?.match(new RegExp(`^([0-9a-f]{40}) ${reference}$`, "m"))?.[1]);
  return id !== undefined && /^[0-9a-f]{40}$/.test(id) ? id.slice(0, 12) : null;
}

/** The version in package.json and the commit, as in `0.1.0+g0123456789ab`: what records say that made them. */
export function programVersion(): string {
  const { version } = JSON.parse(textOf("package.json") ?? "{}") as { readonly version: string };
  const id = commit();
  return id === null ? version : `${version}+g${id}`;
}
