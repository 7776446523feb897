import { type ErrorKind, NearfarError } from "../../base/errors.js";

export type CheckState = "PASS" | "WARN" | "FAIL";

/** One line of the doctor: what was looked at, how it stands, and the fix when it does not. */
export interface CheckResult {
  readonly name: string;
  readonly state: CheckState;
  readonly message: string;
  readonly fix: string | null;
  /** Decides the exit status of a FAIL. */
  readonly kind: ErrorKind;
}

export const pass = (name: string, message: string): CheckResult => ({
  name,
  state: "PASS",
  message,
  fix: null,
  kind: "device",
});

export const warn = (name: string, message: string, fix: string): CheckResult => ({
  name,
  state: "WARN",
  message,
  fix,
  kind: "device",
});

/** A failed check from what was thrown; a defect goes on its way. */
export function failed(name: string, error: unknown): CheckResult {
  if (!(error instanceof NearfarError)) throw error;
  const { code, message, advice: fix, kind } = error;
  return { name, state: "FAIL", message: `${code}: ${message}`, fix, kind };
}

/** Runs a check; what it throws becomes its failure. */
export async function attempt(name: string, check: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    return failed(name, error);
  }
}
