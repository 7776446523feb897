/**
 * Least-squares line from board ticks to host CLOCK_MONOTONIC:
 * `hostNs = originHostNs + (tick - originTick) · nsPerTick`.
 */
export interface ClockFit {
  readonly originTick: bigint;
  readonly originHostNs: bigint;
  /** Near 62.5; its deviation is the drift of the two oscillators. */
  readonly nsPerTick: number;
  /** RMS distance of the samples from the line, in µs. */
  readonly residualUs: number;
  readonly sampleCount: number;
}

/** Host time of a board tick, in ns. */
export function hostNsOfTick(fit: ClockFit, tick: bigint): bigint {
  const sinceOriginTicks = Number(tick - fit.originTick);
  return fit.originHostNs + BigInt(Math.round(sinceOriginTicks * fit.nsPerTick));
}

/** Board tick of a host time; the inverse of {@link hostNsOfTick}. */
export function tickOfHostNs(fit: ClockFit, hostNs: bigint): bigint {
  return fit.originTick + BigInt(Math.round(Number(hostNs - fit.originHostNs) / fit.nsPerTick));
}
