import pino from "pino";
import { CallerError } from "../base/errors.js";
import type { Logger } from "../base/log.js";

const levels = ["silent", "error", "warn", "info", "debug"] as const;

/**
 * Logs JSON lines to standard error.
 * @throws CallerError USAGE when `level` is none of pino's that nearfar uses.
 */
export function createLogger(level: string): Logger {
  if (!levels.some((known) => known === level)) {
    throw new CallerError("USAGE", `NEARFAR_LOG=${level} is no log level.`, {
      advice: `Choose one of ${levels.join(", ")}.`,
    });
  }
  return pino({ name: "nearfar", level }, pino.destination({ dest: 2, sync: true }));
}
