import type { CameraFrame } from "../contract/camera.js";
import type { ArmedStream } from "./armed-stream.js";

/**
 * The one consumer of an armed stream. `return` (a `break` in `for await`) also ends a `next`
 * that waits; calls of `next` that overlap are answered in their order.
 */
export class FrameIterator implements AsyncIterableIterator<CameraFrame> {
  readonly #stream: ArmedStream;
  readonly #translate: (failure: unknown) => unknown;
  readonly #onDone: () => void;
  #last: Promise<unknown> = Promise.resolve();
  #done = false;

  /** @param translate makes the error that `next` rejects with; @param onDone runs once. */
  constructor(stream: ArmedStream, translate: (failure: unknown) => unknown, onDone: () => void) {
    this.#stream = stream;
    this.#translate = translate;
    this.#onDone = onDone;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<CameraFrame>> {
    const result = this.#last.then(() => this.#next());
    this.#last = result.catch(() => {});
    return result;
  }

  async return(): Promise<IteratorResult<CameraFrame>> {
    this.#finish();
    this.#stream.wake();
    return { done: true, value: undefined };
  }

  async #next(): Promise<IteratorResult<CameraFrame>> {
    if (this.#done) return { done: true, value: undefined };
    try {
      const frame = await this.#stream.next(() => this.#done);
      if (frame !== null) return { done: false, value: frame };
    } catch (failure) {
      this.#finish();
      throw this.#translate(failure);
    }
    this.#finish();
    return { done: true, value: undefined };
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#onDone();
  }
}
