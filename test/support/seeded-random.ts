import { seededUniform } from "./noise.js";

/** Seeded choices for tests: the same seed gives the same test on every machine. */
export class SeededRandom {
  /** Even in [0, 1). */
  readonly share: () => number;

  constructor(seed: number) {
    this.share = seededUniform(seed);
  }

  /** Even in [from, to). */
  between(from: number, to: number): number {
    return from + this.share() * (to - from);
  }

  /** Whole, from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }
}
