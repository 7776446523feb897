/** Finds the offset between two clocks when nobody knows which frame answers which trigger. Pure. */
import type { ClockSample } from "./camera-clock.js";

export interface ClockVote {
  /** Trigger and frame that belong together, in order of ticks; at most one per trigger. */
  readonly samples: readonly ClockSample[];
  /** Votes of the next best offset. */
  readonly rivalVotes: number;
}

interface Candidate extends ClockSample {
  /** Device time minus board time, in ns. */
  readonly offsetNs: bigint;
}

/**
 * Every pairing of a tick with a device time proposes an offset; the true one is proposed by every
 * trigger that was answered, a wrong one by few, because the triggers are irregularly spaced.
 *
 * @param windowUs how far apart the offsets of one cluster may lie: time-stamping noise plus the
 *   drift over the whole handshake.
 * @returns null when there is nothing to vote on.
 */
export function voteOffset(
  ticks: readonly bigint[],
  deviceTimesNs: readonly bigint[],
  windowUs: number,
): ClockVote | null {
  const candidates: Candidate[] = ticks.flatMap((tick) =>
    deviceTimesNs.map((deviceTimeNs) => ({ tick, deviceTimeNs, offsetNs: deviceTimeNs - boardNs(tick) })),
  );
  candidates.sort((a, b) => compare(a.offsetNs, b.offsetNs));
  const windowNs = BigInt(Math.round(windowUs * 1000));
  const best = largestCluster(candidates, windowNs);
  if (best.length === 0) return null;
  const first = best[0] as Candidate;
  const last = best[best.length - 1] as Candidate;
  const rivals = candidates.filter(
    ({ offsetNs }) => offsetNs < first.offsetNs - windowNs || offsetNs > last.offsetNs + windowNs,
  );
  const samples = [...best].sort((a, b) => compare(a.tick, b.tick));
  return { samples, rivalVotes: largestCluster(rivals, windowNs).length };
}

/** The most candidates of different triggers and frames whose offsets lie within the window. */
function largestCluster(sorted: readonly Candidate[], windowNs: bigint): readonly Candidate[] {
  let best: readonly Candidate[] = [];
  for (let from = 0; from < sorted.length; from++) {
    const start = sorted[from] as Candidate;
    const ticks = new Set<bigint>();
    const stamps = new Set<bigint>();
    const cluster: Candidate[] = [];
    for (let index = from; index < sorted.length; index++) {
      const candidate = sorted[index] as Candidate;
      if (candidate.offsetNs - start.offsetNs > windowNs) break;
      if (ticks.has(candidate.tick) || stamps.has(candidate.deviceTimeNs)) continue;
      ticks.add(candidate.tick);
      stamps.add(candidate.deviceTimeNs);
      cluster.push(candidate);
    }
    if (cluster.length > best.length) best = cluster;
  }
  return best;
}

/** 62.5 ns per tick, rounded down; the half nanosecond is far below any window. */
function boardNs(tick: bigint): bigint {
  return (tick * 125n) / 2n;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
