import { interrupted } from "../interrupted.js";
import type { Services } from "../services.js";

/** Work that Ctrl-C ends by its signal. */
export async function interruptible<T>(
  services: Services,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const release = services.onInterrupt(() => ending.abort(interrupted()));
  try {
    return await work(ending.signal);
  } finally {
    release();
  }
}
