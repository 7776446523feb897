/**
 * Board clock → host clock from pings: the board says at which tick the request's last byte
 * arrived, the host when it sent and when the reply came. The way there and the way back are
 * assumed to take equally long beyond the bytes' own time on the wire, which is known. Pure
 * mathematics; who pings when is none of its business.
 */
import type { ClockFit } from "../contract/clock-fit.js";

/** One answered ping. Host times are CLOCK_MONOTONIC in ns. */
export interface ClockSample {
  /** Board tick at the last byte of the request. */
  readonly tick: bigint;
  readonly sentNs: bigint;
  readonly receivedNs: bigint;
  /** Time that the request's and the reply's bytes need on the wire, in ns. */
  readonly requestWireNs: number;
  readonly replyWireNs: number;
}

const keptSamples = 100;
const minSamples = 5;
/** A round trip of more than this many medians waited somewhere, and nobody knows in which half. */
const longRoundTripMedians = 1.5;

/** Keeps the last {@link keptSamples} good samples and the line through them. */
export class ClockModel {
  #samples: ClockSample[] = [];
  #dropped = 0;
  #fit: ClockFit | null = null;

  /** null before {@link minSamples} samples. */
  get fit(): ClockFit | null {
    return this.#fit;
  }

  /** Samples dropped for their long round trip. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes one sample in; one with a long round trip is dropped. */
  add(sample: ClockSample): void {
    if (isSlow(sample, this.#samples)) {
      this.#dropped++;
      // It ages the window all the same: a link that got slower for good must not freeze the fit.
      this.#samples.shift();
      return;
    }
    this.#samples.push(sample);
    if (this.#samples.length > keptSamples) this.#samples.shift();
    this.#fit = this.#samples.length < minSamples ? null : fitClock(this.#samples);
  }

  /** Forgets everything: the board's ticks began anew. */
  clear(): void {
    this.#samples = [];
    this.#fit = null;
  }
}

function isSlow(sample: ClockSample, earlier: readonly ClockSample[]): boolean {
  if (earlier.length < minSamples) return false;
  const sorted = earlier.map(roundTripNs).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  return roundTripNs(sample) > longRoundTripMedians * median;
}

function roundTripNs(sample: ClockSample): number {
  return Number(sample.receivedNs - sample.sentNs);
}

/** Host time of the sample's tick: the middle of what the wire does not explain. */
function hostNsOfSample(sample: ClockSample, originNs: bigint): number {
  const requestInNs = Number(sample.sentNs - originNs) + sample.requestWireNs;
  const replyOutNs = Number(sample.receivedNs - originNs) - sample.replyWireNs;
  return (requestInNs + replyOutNs) / 2;
}

/**
 * Least-squares line through `samples` (at least two with different ticks). Differences are taken
 * to the last sample before anything becomes a floating-point number, so that ticks of 48 bits
 * lose nothing.
 */
export function fitClock(samples: readonly ClockSample[]): ClockFit {
  const origin = samples[samples.length - 1] as ClockSample;
  const points = samples.map((sample) => ({
    tick: Number(sample.tick - origin.tick),
    hostNs: hostNsOfSample(sample, origin.sentNs),
  }));
  const meanTick = mean(points.map((point) => point.tick));
  const meanNs = mean(points.map((point) => point.hostNs));
  let tickSquares = 0;
  let products = 0;
  for (const point of points) {
    tickSquares += (point.tick - meanTick) ** 2;
    products += (point.tick - meanTick) * (point.hostNs - meanNs);
  }
  const nsPerTick = products / tickSquares;
  const errorsNs = points.map((point) => point.hostNs - meanNs - nsPerTick * (point.tick - meanTick));
  return {
    originTick: origin.tick,
    originHostNs: origin.sentNs + BigInt(Math.round(meanNs - nsPerTick * meanTick)),
    nsPerTick,
    residualUs: Math.sqrt(mean(errorsNs.map((error) => error ** 2))) / 1000,
    sampleCount: samples.length,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
