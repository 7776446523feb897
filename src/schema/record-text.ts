/** Records as JSON text: what a reader is told when a text is not the record that it should be. */
import type { z } from "zod";

export type ParsedRecord<T> =
  | { readonly ok: true; readonly record: T }
  /** Says which member is wrong and how: `stops[0].near.sigma[3]: …`. */
  | { readonly ok: false; readonly reason: string };

export function parseRecordText<T>(schema: z.ZodType<T>, text: string): ParsedRecord<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: `it is not JSON (${(error as Error).message})` };
  }
  return checkRecord(schema, value);
}

export function checkRecord<T>(schema: z.ZodType<T>, value: unknown): ParsedRecord<T> {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { ok: true, record: parsed.data }
    : { ok: false, reason: describeIssues(parsed.error.issues) };
}

/** The first few problems, each with the member it is about. */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const lines = issues.slice(0, 3).map(({ path, message }) => `${memberName(path)}: ${message}`);
  const more = issues.length - lines.length;
  return more > 0 ? `${lines.join("; ")}; and ${more} more` : lines.join("; ");
}

function memberName(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return name === "" ? "the record" : name.replace(/^\./, "");
}
