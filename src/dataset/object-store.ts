/** Content-addressed objects, written and read by worker threads. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { WorldError } from "../base/errors.js";
import type { StoredObject } from "./dataset.js";
import type { StoreLayout } from "./layout.js";
import type { ObjectJob, ObjectReply } from "./object-jobs.js";

interface Waiting {
  readonly job: ObjectJob;
  readonly resolve: (object: StoredObject) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Waiting | null;
}

/** An error of a worker's system call, with its errno name. */
class ObjectIoError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "ObjectIoError";
    this.code = code;
  }
}

export class ObjectStore {
  readonly #layout: StoreLayout;
  readonly #threadCount: number;
  readonly #threads: Thread[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #tempPaths = new Set<string>();
  #closed = false;

  /** Threads start when they are first needed. Two write a pair's frames side by side. */
  constructor(layout: StoreLayout, threadCount: number) {
    this.#layout = layout;
    this.#threadCount = threadCount;
  }

  /** Stores one object durably; see object-writer.worker.ts for the order. Rejects with an errno code. */
  async write(parts: readonly Uint8Array<SharedArrayBuffer>[], extension: string): Promise<StoredObject> {
    const tempPath = join(this.#layout.incoming, `${randomUUID()}.tmp`);
    this.#tempPaths.add(tempPath);
    try {
      return await this.#submit({
        kind: "write",
        parts,
        tempPath,
        objectsFolder: this.#layout.objects,
        extension,
      });
    } finally {
      this.#tempPaths.delete(tempPath);
    }
  }

  /** Reads a file from the device and hashes it. Rejects with code ENOENT when it is missing. */
  digest(path: string): Promise<StoredObject> {
    return this.#submit({ kind: "digest", path });
  }

  /** True for a file in `incoming/` that this store is writing at this moment. */
  isWriting(path: string): boolean {
    return this.#tempPaths.has(path);
  }

  /** Ends the threads; jobs that have not ended are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = this.#threads.splice(0);
    await Promise.all(threads.map((thread) => thread.worker.terminate()));
    for (const { reject } of this.#waiting.splice(0)) reject(threadEnded("the store was closed"));
  }

  #submit(job: ObjectJob): Promise<StoredObject> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(threadEnded("the store was closed"));
        return;
      }
      this.#waiting.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const idle = this.#threads.find((thread) => thread.current === null) ?? this.#start();
      if (idle === null) return;
      idle.current = this.#waiting.shift() ?? null;
      // An idle thread does not keep the program alive, a busy one does.
      idle.worker.ref();
      idle.worker.postMessage(idle.current?.job);
    }
  }

  #start(): Thread | null {
    if (this.#threads.length >= this.#threadCount) return null;
    // Node 20 runs no TypeScript: src/dataset and dist/dataset both reach the compiled file.
    const worker = new Worker(new URL("../../dist/dataset/object-writer.worker.js", import.meta.url));
    const thread: Thread = { worker, current: null };
    worker.on("message", (reply: ObjectReply) => this.#finish(thread, reply));
    worker.on("error", (error) => this.#lose(thread, error.message));
    worker.on("exit", () => this.#lose(thread, "the thread ended"));
    this.#threads.push(thread);
    return thread;
  }

  #finish(thread: Thread, reply: ObjectReply): void {
    const waiting = thread.current;
    thread.current = null;
    thread.worker.unref();
    if (reply.ok) waiting?.resolve({ sha256: reply.sha256, bytes: reply.bytes });
    else waiting?.reject(new ObjectIoError(reply.code === "" ? "EIO" : reply.code, reply.message));
    this.#dispatch();
  }

  #lose(thread: Thread, reason: string): void {
    const index = this.#threads.indexOf(thread);
    if (index >= 0) this.#threads.splice(index, 1);
    thread.current?.reject(threadEnded(reason));
    thread.current = null;
    this.#dispatch();
  }
}

function threadEnded(reason: string): WorldError {
  return new WorldError("STORE_IO", `an object was not written: ${reason}`, {
    advice: "The shot was not acknowledged; open the store again and repeat it.",
  });
}
