import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the installed program: two folders above this file, in src/ and in dist/ alike. */
export const programFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
