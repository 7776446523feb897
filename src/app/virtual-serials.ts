import { randomBytes } from "node:crypto";
import { CallerError } from "../base/errors.js";
import type { RigConfig } from "../schema/rig-config.js";

/** GigE Vision keeps a serial in 16 bytes with a closing zero (GVCP bootstrap register 0x00D8). */
const serialBytes = 15;

/**
 * Serials of the virtual cameras for this process: those of the config with a suffix of their own,
 * because cameras are found by serial and several virtual rigs may run side by side.
 */
export function virtualSerials(config: RigConfig): { readonly near: string; readonly far: string } {
  const suffix = randomBytes(3).toString("hex").toUpperCase();
  const serial = (arm: "near" | "far"): string => {
    const whole = `${config[arm].serial}-${suffix}`;
    if (whole.length <= serialBytes) return whole;
    throw new CallerError(
      "CONFIG_INVALID",
      `${arm}.serial "${config[arm].serial}" is too long for a virtual camera.`,
      {
        advice: `Use at most ${serialBytes - suffix.length - 1} characters.`,
      },
    );
  };
  return { near: serial("near"), far: serial("far") };
}
