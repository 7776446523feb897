/** Hands Ctrl-C and SIGTERM to whoever listens last; without a listener they end the program. */
export class Interrupts {
  readonly #listeners: ((count: number) => void)[] = [];
  #count = 0;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.#deliver());
  }

  /** Returns the function that ends listening. */
  listen(listener: (count: number) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.lastIndexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  #deliver(): void {
    this.#count += 1;
    const listener = this.#listeners.at(-1);
    if (listener === undefined) process.exit(130);
    listener(this.#count);
  }
}
