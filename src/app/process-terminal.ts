import { createInterface } from "node:readline/promises";
import { interrupted } from "../cli/interrupted.js";
import type { Terminal } from "../cli/terminal.js";

const clearLine = "\r\u001b[K";
const ctrlC = "\u0003";

/** In raw mode Ctrl-C arrives as a key; whoever listens for the signal must still get it, at once. */
function raiseInterrupt(): void {
  process.emit("SIGINT", "SIGINT");
}

/** The terminal of this process. Progress lines never mix with results. */
export class ProcessTerminal implements Terminal {
  readonly interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  #progressShown = false;
  #keyListener: ((key: string) => void) | null = null;
  #readerGone = false;

  constructor() {
    for (const stream of [process.stdout, process.stderr]) {
      stream.on("error", (error: NodeJS.ErrnoException) => this.#onWriteError(error));
    }
  }

  print(line: string): void {
    this.#endProgress();
    if (!this.#readerGone) process.stdout.write(`${line}\n`);
  }

  note(line: string): void {
    this.#endProgress();
    if (!this.#readerGone) process.stderr.write(`${line}\n`);
  }

  progress(line: string): void {
    if (process.stderr.isTTY !== true) return;
    process.stderr.write(`${clearLine}${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    this.#progressShown = true;
  }

  /** Single keys are not listened for meanwhile. Ctrl-C raises SIGINT and rejects with INTERRUPTED. */
  async ask(question: string, signal?: AbortSignal): Promise<string> {
    this.#endProgress();
    this.#stopKeys();
    const asking = new AbortController();
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.once("SIGINT", () => {
      raiseInterrupt();
      asking.abort(interrupted());
    });
    const signals = signal === undefined ? [asking.signal] : [signal, asking.signal];
    try {
      return await lines.question(question, { signal: AbortSignal.any(signals) });
    } catch (error) {
      for (const each of signals) each.throwIfAborted();
      throw error;
    } finally {
      lines.close();
      this.#startKeys();
    }
  }

  onKey(listener: (key: string) => void): () => void {
    this.#keyListener = listener;
    this.#startKeys();
    return () => {
      if (this.#keyListener !== listener) return;
      this.#stopKeys();
      this.#keyListener = null;
    };
  }

  bell(): void {
    if (this.interactive) process.stderr.write("\u0007");
  }

  readonly #receive = (data: Buffer): void => {
    for (const key of data.toString("utf8")) {
      if (key === ctrlC) raiseInterrupt();
      else this.#keyListener?.(key);
    }
  };

  #startKeys(): void {
    if (this.#keyListener === null) return;
    this.#stopKeys();
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#receive);
    process.stdin.resume();
  }

  #stopKeys(): void {
    if (this.#keyListener === null) return;
    process.stdin.off("data", this.#receive);
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  #endProgress(): void {
    if (!this.#progressShown) return;
    process.stderr.write(clearLine);
    this.#progressShown = false;
  }

  /** Whoever read our output has gone (`| head`): end as if asked to, so that nothing is left open. */
  #onWriteError(error: NodeJS.ErrnoException): void {
    if (error.code !== "EPIPE") throw error;
    if (this.#readerGone) return;
    this.#readerGone = true;
    raiseInterrupt();
  }
}
