/** Counts the holes in one camera's frame ids since it was armed. Ids may come out of order. */
export class FrameCounter {
  #first: number | null = null;
  #last = 0;
  #seen = 0;
  #lostBefore = 0;

  /** Frames that must exist (ids between the first and the last seen) and never came. */
  get lost(): number {
    return this.#lostBefore + this.#lostNow();
  }

  count(frameId: number): void {
    this.#seen++;
    this.#first = Math.min(this.#first ?? frameId, frameId);
    this.#last = Math.max(this.#last, frameId);
  }

  /** The camera is armed anew; its ids start over. */
  restart(): void {
    this.#lostBefore += this.#lostNow();
    this.#first = null;
    this.#last = 0;
    this.#seen = 0;
  }

  #lostNow(): number {
    return this.#first === null ? 0 : this.#last - this.#first + 1 - this.#seen;
  }
}
