import type { Clock } from "../../src/base/clock.js";

/** The machine's own clocks. */
export const systemClock: Clock = {
  monotonicNs: () => process.hrtime.bigint(),
  utcNow: () => new Date().toISOString(),
};
