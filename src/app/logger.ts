import pino from "pino";
import type { Logger } from "../base/log.js";

/** Logs JSON lines to standard error; `level` is a pino level, `silent` for none. */
export function createLogger(level: string): Logger {
  return pino({ name: "nearfar", level }, pino.destination({ dest: 2, sync: true }));
}
