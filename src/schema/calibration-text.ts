/** Calibration records as JSON text: one line, members in the schema's order, so that equal records are equal text. */
import type { z } from "zod";
import { type Calibration, calibrationSchema } from "./calibration.js";

/** Long lists of px that are kept to a millionth: far below any noise, and half the text. */
const roundedLists = new Set(["pointsPx", "residualsPx"]);

/** `record` must fit the schema. */
export function calibrationText(record: Calibration): string {
  return `${JSON.stringify(calibrationSchema.parse(record), rounded)}\n`;
}

export type ParsedCalibration =
  | { readonly ok: true; readonly record: Calibration }
  /** Says which member is wrong and how: `stops[0].near.sigma[3]: …`. */
  | { readonly ok: false; readonly reason: string };

export function parseCalibrationText(text: string): ParsedCalibration {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: `it is not JSON (${(error as Error).message})` };
  }
  return checkCalibration(value);
}

export function checkCalibration(value: unknown): ParsedCalibration {
  const parsed = calibrationSchema.safeParse(value);
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

function rounded(key: string, value: unknown): unknown {
  if (!roundedLists.has(key) || !Array.isArray(value)) return value;
  return value.map((px: number) => Math.round(px * 1e6) / 1e6);
}
