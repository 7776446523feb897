/** The worker's side of `WorkerPool`: takes a job, answers with its result or its error. */
import { parentPort } from "node:worker_threads";

/** Input and output of each job by name; both cross threads by structured clone. */
export type JobTable<Jobs> = {
  readonly [Name in keyof Jobs]: { readonly input: unknown; readonly output: unknown };
};

export type JobHandlers<Jobs extends JobTable<Jobs>> = {
  readonly [Name in keyof Jobs]: (input: Jobs[Name]["input"]) => Jobs[Name]["output"];
};

export interface JobMessage<Jobs extends JobTable<Jobs>, Name extends keyof Jobs = keyof Jobs> {
  readonly name: Name;
  readonly input: Jobs[Name]["input"];
}

export type JobAnswer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: unknown };

/** Answers every job in order. Called once, at the top of a worker's entry file. */
export function serveJobs<Jobs extends JobTable<Jobs>>(handlers: JobHandlers<Jobs>): void {
  parentPort?.on("message", (message: JobMessage<Jobs>) => {
    parentPort?.postMessage(answer(handlers, message));
  });
}

function answer<Jobs extends JobTable<Jobs>, Name extends keyof Jobs>(
  handlers: JobHandlers<Jobs>,
  { name, input }: JobMessage<Jobs, Name>,
): JobAnswer {
  try {
    return { ok: true, output: handlers[name](input) };
  } catch (error) {
    return { ok: false, error };
  }
}
