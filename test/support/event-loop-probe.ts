import { closeSync, openSync, readSync } from "node:fs";

const intervalMs = 1;

/**
 * Measures how long the event loop of this thread stood still through its own doing: the time
 * between two turns of a 1 ms timer, less the time that the thread waited for a free processor
 * (which other processes took). Unlike `monitorEventLoopDelay` it means the same on a loaded machine.
 */
export class EventLoopProbe {
  readonly #schedstat = openSync("/proc/thread-self/schedstat", "r");
  readonly #text = Buffer.alloc(128);
  readonly #timer = setInterval(() => this.#turn(), intervalMs);
  #last = this.#read();
  #longestMs = 0;

  /** Ends the measurement. @returns the longest standstill in ms */
  stop(): number {
    clearInterval(this.#timer);
    this.#turn();
    closeSync(this.#schedstat);
    return this.#longestMs;
  }

  #turn(): void {
    const now = this.#read();
    const ownMs = now.wallMs - this.#last.wallMs - (now.waitedMs - this.#last.waitedMs);
    this.#longestMs = Math.max(this.#longestMs, ownMs - intervalMs);
    this.#last = now;
  }

  /** schedstat: ns on a processor, ns waiting for one, time slices. */
  #read(): { wallMs: number; waitedMs: number } {
    const length = readSync(this.#schedstat, this.#text, 0, this.#text.length, 0);
    const waitedNs = Number(this.#text.toString("latin1", 0, length).split(" ")[1]);
    return { wallMs: performance.now(), waitedMs: waitedNs / 1e6 };
  }
}
