import type { RigConfig } from "../../schema/rig-config.js";
import type { Services } from "../services.js";
import { formatBytes } from "../units.js";
import { attempt, type CheckResult, pass, warn } from "./check.js";

/** Shots that should fit before the operator is warned. */
const comfortableShots = 200;

/** Bytes of one pair of stored frames, previews apart; null where the sensor size is not known. */
function pairBytes(rig: RigConfig): number | null {
  let bytes = 0;
  for (const arm of ["near", "far"] as const) {
    const size = rig[arm].region ?? rig.virtual?.sensor;
    if (size === undefined) return null;
    bytes += size.widthPx * size.heightPx * 2 * (rig[arm].pixelFormat === "RGB8" ? 3 : 1);
  }
  return bytes;
}

/** Is there room for a day's shots? */
export function checkRoom(services: Services, directory: string, rig: RigConfig): Promise<CheckResult> {
  return attempt("room", async () => {
    const free = await services.freeBytes(directory);
    const bytes = pairBytes(rig);
    if (bytes === null) return pass("room", `${formatBytes(free)} free in ${directory}`);
    const shots = Math.floor(free / bytes);
    const message = `${formatBytes(free)} free in ${directory}: about ${shots} pairs of ${formatBytes(bytes)}`;
    return shots >= comfortableShots
      ? pass("room", message)
      : warn("room", message, "Free space or choose another disk.");
  });
}

/** Does the store open, if it is there? */
export function checkStore(services: Services, directory: string): Promise<CheckResult> {
  return attempt("store", async () => {
    const dataset = await services.openDataset(directory, "read-only");
    try {
      const sessions = await dataset.sessions();
      return pass("store", `${directory} opens: ${sessions.length} sessions`);
    } finally {
      await dataset.close();
    }
  });
}
