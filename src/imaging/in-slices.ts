import { setImmediate } from "node:timers/promises";

/** Of simple work, numbers done before other work gets a chance: about 5 ms. */
const sliceLength = 1_000_000;

/**
 * Does work on `length` numbers in slices that let the event loop run in between: beside an open rig, the trigger board
 * takes a host that is silent for 3 s for dead.
 * @param work on numbers from `from` up to, not including, `to`.
 * @param unit slices are whole multiples of it, e.g. a row.
 * @param most numbers in a slice; fewer than usual for work that is not simple.
 */
export async function inSlices(
  length: number,
  work: (from: number, to: number) => void,
  unit = 1,
  most = sliceLength,
): Promise<void> {
  const step = Math.max(1, Math.floor(most / unit)) * unit;
  for (let from = 0; from < length; from += step) {
    work(from, Math.min(from + step, length));
    await setImmediate();
  }
}
