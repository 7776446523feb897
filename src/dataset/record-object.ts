/** Records in the object store, read back. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { WorldError } from "../base/errors.js";
import type { ParsedRecord } from "../schema/record-text.js";
import { codeOf } from "./error-code.js";

/**
 * The record that a file holds.
 * @param sha256 of the text as it was written.
 * @param notAsStored makes the error for a file that is missing or altered, from what is wrong with it.
 * @throws what `notAsStored` makes.
 */
export async function readRecordObject<T>(
  path: string,
  sha256: string,
  parse: (text: string) => ParsedRecord<T>,
  notAsStored: (reason: string) => WorldError,
): Promise<T> {
  const text = await readFile(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") throw notAsStored("it is missing");
    throw error;
  });
  if (createHash("sha256").update(text).digest("hex") !== sha256) {
    throw notAsStored("it is not what was written (its hash differs)");
  }
  const parsed = parse(text.toString("utf8"));
  if (!parsed.ok) throw notAsStored(parsed.reason);
  return parsed.record;
}
