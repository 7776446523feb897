import { createInterface } from "node:readline/promises";
import type { Terminal } from "../cli/terminal.js";

const clearLine = "\r\u001b[K";

/** The terminal of this process. Progress lines never mix with results. */
export class ProcessTerminal implements Terminal {
  readonly interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  #progressShown = false;

  print(line: string): void {
    this.#endProgress();
    process.stdout.write(`${line}\n`);
  }

  note(line: string): void {
    this.#endProgress();
    process.stderr.write(`${line}\n`);
  }

  progress(line: string): void {
    if (process.stderr.isTTY !== true) return;
    process.stderr.write(`${clearLine}${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    this.#progressShown = true;
  }

  async ask(question: string, signal?: AbortSignal): Promise<string> {
    this.#endProgress();
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question, signal === undefined ? {} : { signal });
    } finally {
      lines.close();
    }
  }

  onKey(listener: (key: string) => void): () => void {
    const receive = (data: Buffer): void => {
      for (const key of data.toString("utf8")) {
        // In raw mode Ctrl-C arrives as a key; it must still end the program gracefully.
        if (key === "\u0003") process.kill(process.pid, "SIGINT");
        else listener(key);
      }
    };
    process.stdin.setRawMode(true);
    process.stdin.on("data", receive);
    process.stdin.resume();
    return () => {
      process.stdin.off("data", receive);
      process.stdin.setRawMode(false);
      process.stdin.pause();
    };
  }

  bell(): void {
    if (this.interactive) process.stderr.write("\u0007");
  }

  #endProgress(): void {
    if (!this.#progressShown) return;
    process.stderr.write(clearLine);
    this.#progressShown = false;
  }
}
