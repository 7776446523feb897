import { openShooter } from "../../calibration/rig/open-shooter.js";
import type { RigShooter } from "../../calibration/rig/shooter.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { OpenedRig, Services } from "../services.js";
import { interruptible } from "./interruptible.js";

/** Opens the rig, readies it to shoot, and closes everything whatever happens. Ctrl-C aborts the signal. */
export function withShooter<T>(
  services: Services,
  config: RigConfig,
  use: (shooter: RigShooter, signal: AbortSignal, opened: OpenedRig) => Promise<T>,
): Promise<T> {
  const { clock, logger } = services;
  return interruptible(services, async (signal) => {
    const opened = await services.openRig(config, signal);
    try {
      const { rig, factory, targetGuide: guide } = opened;
      const shooter = await openShooter({ rig, factory, config, guide, clock, logger }, signal);
      try {
        return await use(shooter, signal, opened);
      } finally {
        await shooter.end();
      }
    } finally {
      await opened.close();
    }
  });
}
