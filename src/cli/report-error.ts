import { NearfarError } from "../base/errors.js";
import type { Terminal } from "./terminal.js";

/** Tells an error on standard error: text for people, one JSON line with `--json`. */
export function reportError(terminal: Terminal, error: unknown, json: boolean): void {
  if (json) {
    terminal.note(JSON.stringify(errorRecord(error)));
    return;
  }
  if (error instanceof NearfarError) {
    terminal.note(`error ${error.code}: ${error.message}`);
    terminal.note(`  ${error.advice}`);
    return;
  }
  terminal.note(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  terminal.note("  This should not happen. Please report it with the lines above.");
}

/** `{type: "error", code, message, advice}`; a defect has code INTERNAL. */
export function errorRecord(error: unknown): object {
  if (error instanceof NearfarError) {
    return { type: "error", code: error.code, message: error.message, advice: error.advice };
  }
  return { type: "error", code: "INTERNAL", message: String(error), advice: "Please report this." };
}
