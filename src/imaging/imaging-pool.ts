/** The pool of imaging workers. */
import { availableParallelism } from "node:os";
import type { ImagingJobs } from "./imaging-jobs.js";
import { WorkerPool } from "./worker-pool.js";

export type ImagingPool = WorkerPool<ImagingJobs>;

/** @param size threads; one per core by default. */
export function createImagingPool(size: number = availableParallelism()): ImagingPool {
  // Node 20 cannot load TypeScript in a worker: from src/ and from dist/ alike this is the compiled file.
  return new WorkerPool(new URL("../../dist/imaging/imaging.worker.js", import.meta.url), size);
}
