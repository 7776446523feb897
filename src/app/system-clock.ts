import type { Clock } from "../base/clock.js";

export const systemClock: Clock = {
  monotonicNs: () => process.hrtime.bigint(),
  utcNow: () => new Date().toISOString(),
};
