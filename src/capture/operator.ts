/** The operator's wishes, kept until the run can act on them. */
import type { Condition } from "./condition.js";

export class Operator {
  readonly #changed: Condition;
  #shoot = false;
  #skip = false;
  #paused = false;

  constructor(changed: Condition) {
    this.#changed = changed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get wantsShoot(): boolean {
    return this.#shoot;
  }

  get wantsSkip(): boolean {
    return this.#skip;
  }

  shoot(): void {
    this.#shoot = true;
    this.#changed.notify();
  }

  skip(): void {
    this.#skip = true;
    this.#changed.notify();
  }

  pause(): void {
    this.#paused = true;
    this.#changed.notify();
  }

  resume(): void {
    this.#paused = false;
    this.#changed.notify();
  }

  /** The wish for a shot was met, or overtaken by something else. */
  forgetShoot(): void {
    this.#shoot = false;
  }

  /** Whether a skip was asked for; each is taken once. */
  takeSkip(): boolean {
    const asked = this.#skip;
    this.#skip = false;
    return asked;
  }
}
