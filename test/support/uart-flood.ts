import { encodeFrame } from "../../src/devices/trigger/framing.js";
import { frameKinds, registers } from "../../src/devices/trigger/generated/protocol.js";
import type { BoardBench } from "./board-bench.js";

// simavr's UART takes 1,500 cycles a byte at 115200 baud.
const bytesPerMs = 16_000 / 1_500;
// A request of 7 bytes is answered by 15. Fill bytes (empty frames) keep the replies at three fifths
// of their direction even when a stalled host or chip lets the requests pile up; the rest is left to
// events and to the test's own requests.
const groupBytes = 25;
const share = 0.95;
const stepMs = 4;

/**
 * Keeps both directions of the serial line busy with requests that change nothing, at real pace,
 * while `work` runs.
 */
export async function underFlood<Result>(bench: BoardBench, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  let groups = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - start) * bytesPerMs * share) / groupBytes;
    for (; groups < due; groups++) bench.tty.write(group(groups & 0xff));
  }, stepMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function group(seq: number): Uint8Array {
  const address = registers.whoAmI.address;
  const bytes = new Uint8Array(groupBytes);
  bytes.set(encodeFrame({ kind: frameKinds.read, seq, address, payload: new Uint8Array(0) }));
  return bytes;
}
