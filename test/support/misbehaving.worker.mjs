/** A worker with the manners of a bad day, for the tests of WorkerPool. */
import { parentPort, threadId } from "node:worker_threads";

const jobs = {
  echo: (input) => input,
  threadId: () => threadId,
  wait: (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  /** state = [arrived, running, most at once]; waits until two have arrived. */
  meet: (state) => {
    const running = Atomics.add(state, 1, 1) + 1;
    state[2] = Math.max(state[2], running);
    Atomics.add(state, 0, 1);
    Atomics.notify(state, 0);
    const outcome = Atomics.load(state, 0) < 2 ? Atomics.wait(state, 0, 1, 10_000) : "met";
    Atomics.sub(state, 1, 1);
    return outcome !== "timed-out";
  },
  fill: (bytes) => bytes.fill(7).length,
  throw: (message) => {
    throw new RangeError(message);
  },
};

parentPort.on("message", ({ name, input }) => {
  if (name === "exit") process.exit(input);
  if (name === "crash") {
    // Outside of the job's own try: an uncaught exception of the thread.
    setImmediate(() => {
      throw new Error(input);
    });
    return;
  }
  try {
    parentPort.postMessage({ ok: true, output: jobs[name](input) });
  } catch (error) {
    parentPort.postMessage({ ok: false, error });
  }
});
