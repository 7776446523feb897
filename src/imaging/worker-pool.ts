/** A small pool of worker threads: one job per worker at a time, the rest wait in line. */
import { Worker } from "node:worker_threads";
import { CallerError, WorldError } from "../base/errors.js";
import type { JobAnswer, JobTable } from "./worker-jobs.js";

interface Job {
  readonly message: { readonly name: string; readonly input: unknown };
  readonly resolve: (output: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

interface Member {
  readonly worker: Worker;
  job: Job | null;
  /** What an uncaught exception left behind just before the thread ends. */
  failure: unknown;
}

/**
 * Workers start on demand, up to `size`, and never keep an idle process alive. Inputs are cloned;
 * memory under a SharedArrayBuffer is shared and must stay as it is until the job settles.
 */
export class WorkerPool<Jobs extends JobTable<Jobs>> {
  readonly #entry: URL;
  readonly #size: number;
  readonly #members = new Set<Member>();
  readonly #waiting: Job[] = [];
  readonly #unsettled = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  /** @param entry a compiled worker file that calls `serveJobs`. @param size threads, at least 1. */
  constructor(entry: URL, size: number) {
    if (!Number.isInteger(size) || size < 1) {
      throw new CallerError("USAGE", `a pool of ${size} workers`, {
        advice: "Give a whole number of at least 1.",
      });
    }
    this.#entry = entry;
    this.#size = size;
  }

  /**
   * Resolves with the job's output. Rejects with what the job threw; with the signal's reason when
   * that aborts first (a job that is already running ends unheard); with `WorldError`
   * WORKER_FAILED when the thread died under it; with `CallerError` CLOSED after `close`.
   */
  async run<Name extends keyof Jobs & string>(
    name: Name,
    input: Jobs[Name]["input"],
    signal?: AbortSignal,
  ): Promise<Jobs[Name]["output"]> {
    signal?.throwIfAborted();
    if (this.#closing !== null) {
      throw new CallerError("CLOSED", "the worker pool is closed", { advice: "Open a new one." });
    }
    const output = this.#enqueue({ name, input }, signal);
    this.#unsettled.add(output);
    try {
      return await output;
    } finally {
      this.#unsettled.delete(output);
    }
  }

  /** Waits until every accepted job has settled, then ends the threads. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    await Promise.allSettled(this.#unsettled);
    await Promise.all([...this.#members].map(({ worker }) => worker.terminate()));
  }

  #enqueue(message: Job["message"], signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const place = this.#waiting.indexOf(job);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal?.reason);
      };
      const job: Job = {
        message,
        resolve: (output) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(output);
        },
        reject: (reason) => {
          signal?.removeEventListener("abort", onAbort);
          reject(reason);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  /** Gives waiting jobs to idle workers, starting new ones while there are fewer than `size`. */
  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const member = this.#idleMember();
      if (member === null) return;
      const job = this.#waiting.shift() as Job;
      try {
        member.worker.postMessage(job.message);
      } catch (error) {
        // The input cannot be cloned: the caller's mistake, the worker never saw it.
        job.reject(error);
        continue;
      }
      member.job = job;
      member.worker.ref();
    }
  }

  #idleMember(): Member | null {
    for (const member of this.#members) if (member.job === null) return member;
    return this.#members.size < this.#size ? this.#start() : null;
  }

  #start(): Member {
    // Loaders of the parent (tsx, vitest) have no business in a compiled worker.
    const worker = new Worker(this.#entry, { execArgv: [] });
    const member: Member = { worker, job: null, failure: null };
    worker.unref();
    worker.on("message", (answer: JobAnswer) => {
      const job = member.job;
      member.job = null;
      worker.unref();
      if (answer.ok) job?.resolve(answer.output);
      else job?.reject(answer.error);
      this.#dispatch();
    });
    worker.on("error", (error) => {
      member.failure = error;
    });
    worker.on("exit", (exitCode) => {
      this.#members.delete(member);
      member.job?.reject(workerFailed(exitCode, member.failure));
      this.#dispatch();
    });
    this.#members.add(member);
    return member;
  }
}

function workerFailed(exitCode: number, cause: unknown): WorldError {
  const why = cause instanceof Error ? cause.message : `exit code ${exitCode}`;
  return new WorldError("WORKER_FAILED", `a worker thread died: ${why}`, {
    advice: "The next job gets a new worker. If it happens again, look for lack of memory and report it.",
    cause: cause ?? undefined,
  });
}
