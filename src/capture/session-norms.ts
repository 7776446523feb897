/** What is usual in this session: the measure against which one shot is judged. Pure. */
import type { FrameQuality } from "../schema/records.js";
import { arms, type PerArm } from "./rig.js";

/** What a shot at this distance usually looks like. null: too few shots to say. */
export interface Norms {
  readonly sharpness: PerArm<number | null>;
  /** log2(near mean / far mean). */
  readonly exposureRatioStops: number | null;
}

/** Shots before a median says anything. */
const leastShots = 3;
/** Shots the running median looks back over. */
const window = 101;

/**
 * Running medians per distance, because framing, and with it sharpness and mean, changes with it.
 * Every pair counts, good or soft: a median does not mind the odd one out.
 */
export class SessionNorms {
  readonly #values = new Map<string, number[]>();

  at(distanceMm: number): Norms {
    return {
      sharpness: {
        near: this.#median(`near sharpness ${distanceMm}`),
        far: this.#median(`far sharpness ${distanceMm}`),
      },
      exposureRatioStops: this.#median(`ratio ${distanceMm}`),
    };
  }

  add(distanceMm: number, quality: PerArm<FrameQuality>): void {
    for (const arm of arms) this.#push(`${arm} sharpness ${distanceMm}`, quality[arm].sharpness);
    const ratio = exposureRatioStops(quality);
    if (ratio !== null) this.#push(`ratio ${distanceMm}`, ratio);
  }

  #push(key: string, value: number): void {
    const values = this.#values.get(key) ?? [];
    values.push(value);
    if (values.length > window) values.shift();
    this.#values.set(key, values);
  }

  #median(key: string): number | null {
    const values = this.#values.get(key);
    if (values === undefined || values.length < leastShots) return null;
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    const upper = sorted[Math.floor(middle)] ?? 0;
    const lower = sorted[Math.ceil(middle) - 1] ?? 0;
    return (lower + upper) / 2;
  }
}

/** log2 of near mean over far mean; null when a frame is dark. */
export function exposureRatioStops(quality: PerArm<FrameQuality>): number | null {
  const { near, far } = quality;
  if (near.meanShare <= 0 || far.meanShare <= 0) return null;
  return Math.log2(near.meanShare / far.meanShare);
}
