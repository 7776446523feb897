/** Data that tests may use and the repository does not hold; tests say so when it is absent. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root =
  process.env.NEARFAR_SHARED_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** Path of a file or folder in it, or null when it is absent. */
export function sharedData(name: string): string | null {
  const path = join(root, name);
  return existsSync(path) ? path : null;
}
