/**
 * One camera's clock against the board's: device time of a board tick, with its uncertainty.
 *
 * A two-state Kalman filter over offset (µs) and rate (ppm). It needs no history, says how sure it
 * is after minutes of silence, and learns the drift of the two oscillators shot by shot.
 */

/** One exposure seen by both clocks. */
export interface ClockSample {
  readonly tick: bigint;
  readonly deviceTimeNs: bigint;
}

export interface CameraClockNoise {
  /** Standard deviation of one sample around the line. */
  readonly sampleUs: number;
  /** Least distance from the line at which a frame still belongs. */
  readonly floorUs: number;
}

/** Feedback pulses mark the exposure itself: what remains is the camera's time-stamping. */
export const feedbackNoise: CameraClockNoise = { sampleUs: 20, floorUs: 250 };
/** Without feedback only the trigger edge is known: the jitter of the shutter lag comes on top. */
export const edgeNoise: CameraClockNoise = { sampleUs: 500, floorUs: 5000 };

/** Two crystals, each within 100 ppm: rate before anything is known. */
const ratePriorPpm = 100;
/** Random walk of the rate (temperature), per square root of a second. */
const rateWalkPpm = 0.02;
/** Sigmas around the prediction within which a frame belongs. */
const gateSigmas = 6;

const nsPerTick = 62.5;

export class CameraClock {
  readonly #noise: CameraClockNoise;
  /** Device time the filter stands at: a round base, from which offset counts. */
  #baseNs: bigint;
  #tick: bigint;
  #offsetUs = 0;
  #ratePpm = 0;
  // Covariance of (offset, rate).
  #offsetVar: number;
  #crossVar = 0;
  #rateVar = ratePriorPpm ** 2;

  constructor(first: ClockSample, noise: CameraClockNoise) {
    this.#noise = noise;
    this.#baseNs = first.deviceTimeNs;
    this.#tick = first.tick;
    this.#offsetVar = noise.sampleUs ** 2;
  }

  /** Camera clock against board clock; positive: the camera's runs faster. */
  get ratePpm(): number {
    return this.#ratePpm;
  }

  /** Device time at which an exposure that starts at `tick` is stamped, in ns. */
  deviceTimeNs(tick: bigint): bigint {
    const sinceS = this.#secondsTo(tick);
    const elapsedNs = Math.round(Number(tick - this.#tick) * nsPerTick);
    const correctionUs = this.#offsetUs + this.#ratePpm * sinceS;
    return this.#baseNs + BigInt(elapsedNs) + BigInt(Math.round(correctionUs * 1000));
  }

  /** How far from {@link deviceTimeNs} a stamp may lie and still mean `tick`, in µs. */
  toleranceUs(tick: bigint): number {
    const s = Math.abs(this.#secondsTo(tick));
    const offsetVar =
      this.#offsetVar + 2 * s * this.#crossVar + s * s * this.#rateVar + (rateWalkPpm ** 2 * s ** 3) / 3;
    return Math.max(this.#noise.floorUs, gateSigmas * Math.sqrt(offsetVar + this.#noise.sampleUs ** 2));
  }

  /** Learns from a pair that was matched; samples must come in order of ticks. */
  update(sample: ClockSample): void {
    if (sample.tick < this.#tick) return;
    const residualUs = Number(sample.deviceTimeNs - this.deviceTimeNs(sample.tick)) / 1000;
    this.#predictTo(sample.tick);
    const plainVar = this.#noise.sampleUs ** 2;
    // A residual far outside the noise is a bad stamp, not news about the clock: it weighs little.
    const expectedVar = this.#offsetVar + plainVar;
    const outlying = residualUs ** 2 > gateSigmas ** 2 * expectedVar;
    const sampleVar = outlying ? residualUs ** 2 * gateSigmas ** 2 : plainVar;
    this.#correct(residualUs, sampleVar);
  }

  #predictTo(tick: bigint): void {
    const s = this.#secondsTo(tick);
    this.#baseNs += BigInt(Math.round(Number(tick - this.#tick) * nsPerTick));
    this.#tick = tick;
    this.#offsetUs += this.#ratePpm * s;
    const walkVar = rateWalkPpm ** 2;
    this.#offsetVar += 2 * s * this.#crossVar + s * s * this.#rateVar + (walkVar * s ** 3) / 3;
    this.#crossVar += s * this.#rateVar + (walkVar * s ** 2) / 2;
    this.#rateVar += walkVar * s;
  }

  #correct(residualUs: number, sampleVar: number): void {
    const innovationVar = this.#offsetVar + sampleVar;
    const offsetGain = this.#offsetVar / innovationVar;
    const rateGain = this.#crossVar / innovationVar;
    this.#offsetUs += offsetGain * residualUs;
    this.#ratePpm += rateGain * residualUs;
    this.#rateVar -= rateGain * this.#crossVar;
    this.#crossVar *= 1 - offsetGain;
    this.#offsetVar *= 1 - offsetGain;
  }

  #secondsTo(tick: bigint): number {
    return (Number(tick - this.#tick) * nsPerTick) / 1e9;
  }
}
