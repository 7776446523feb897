/** What an alignment was made of, as one hash: the same inputs and parameters give the same key. */
import { createHash } from "node:crypto";
import type { AlignmentInput } from "../schema/alignment.js";
import { canonicalInputText } from "../schema/alignment-text.js";

/** sha256 (hex) of the canonical JSON text. `input` must fit its schema. */
export function inputKeyOf(input: AlignmentInput): string {
  return createHash("sha256").update(canonicalInputText(input)).digest("hex");
}
