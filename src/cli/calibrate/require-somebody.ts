import { CallerError } from "../../base/errors.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { Services } from "../services.js";

/** @throws CallerError USAGE for a real rig without anybody who could hold targets before it. */
export function requireSomebody({ terminal }: Services, config: RigConfig): void {
  if (config.virtual !== undefined || terminal.interactive) return;
  throw new CallerError("USAGE", "Targets are held by hand, and nobody is at a terminal to be asked.", {
    advice: "Calibrate a real rig at a terminal.",
  });
}
