/** Runs tasks one after the other, in the order of the calls; a failed task does not stop the next. */
export class WriterQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => {});
    return result;
  }

  /** Resolves when every task handed in so far has ended. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}
