/** The only loader of native/vision, and how its jobs settle. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { WorldError } from "../base/errors.js";

/**
 * A job on the native threads. Errors carry USAGE, CLOSED, CANCELLED, CALIBRATION_FAILED, FILE_CORRUPT or STORE_IO as `code`; arguments of a
 * wrong type throw a TypeError.
 */
export interface NativeJob<Result> {
  readonly answer: Promise<Result>;
  cancel(): void;
}

interface VisionAddon<Vision, Solver, Aligner> {
  /** @param threads 0 for as many as the machine has. */
  createVision(threads: number): Vision;
  createSolver(threads: number): Solver;
  createAligner(threads: number): Aligner;
}

// The same two steps up from src/native and from dist/native.
const addonPath = fileURLToPath(
  new URL("../../native/vision/build/Release/nearfar_vision.node", import.meta.url),
);

/** @throws WorldError BACKEND_MISSING when the addon is not built or a library of it is not installed. */
export function loadVisionAddon<Vision = unknown, Solver = unknown, Aligner = unknown>(): VisionAddon<
  Vision,
  Solver,
  Aligner
> {
  try {
    return createRequire(import.meta.url)(addonPath) as VisionAddon<Vision, Solver, Aligner>;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new WorldError("BACKEND_MISSING", `the vision backend cannot be loaded: ${why}`, {
      advice:
        "Install its libraries with `apt-get install libopencv-dev libceres-dev libraw-dev`, then run `npm run build:native`.",
      cause,
    });
  }
}

/**
 * The job's answer; once the signal aborts, the job is cancelled and the promise rejects with the signal's reason.
 * @param begin may throw what the arguments are wrong with.
 * @param mapped makes an error for the caller of what the native side throws.
 */
export async function answered<Result>(
  begin: () => NativeJob<Result>,
  signal: AbortSignal | undefined,
  mapped: (error: unknown) => unknown,
): Promise<Result> {
  signal?.throwIfAborted();
  let stop = (): void => {};
  try {
    const { answer, cancel } = begin();
    const aborted = new Promise<never>((_, reject) => {
      stop = () => {
        cancel();
        reject(signal?.reason);
      };
    });
    signal?.addEventListener("abort", stop, { once: true });
    return await Promise.race([answer, aborted]);
  } catch (error) {
    signal?.throwIfAborted();
    throw mapped(error);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
