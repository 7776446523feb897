import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the installed program: two folders above this file, in src/ and in dist/ alike. */
export const programFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The version in package.json. */
export function programVersion(): string {
  const text = readFileSync(join(programFolder, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
