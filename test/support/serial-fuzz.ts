import { encodeFrame } from "../../src/devices/trigger/framing.js";
import { encodeRegister, frameKinds } from "../../src/devices/trigger/generated/protocol.js";
import type { BoardBench } from "./board-bench.js";
import { countEdges } from "./board-bench.js";
import { seededUniform } from "./noise.js";

const chunkBytes = 512;

/** Frames that would fire a shot if they arrived whole. */
function dangerousFrames(): Uint8Array[] {
  const write = frameKinds.write;
  return [
    { kind: write, seq: 7, address: 0x26, payload: encodeRegister("arm", { shotId: 1, budget: 1000 }) },
    { kind: write, seq: 8, address: 0x27, payload: encodeRegister("fire", { shotId: 1 }) },
  ].map(encodeFrame);
}

/** Endless noise: random bytes, frames cut short, frames with one to three bits flipped. */
function* noise(seed: number): Generator<Uint8Array> {
  const uniform = seededUniform(seed);
  const below = (limit: number): number => Math.floor(uniform() * limit);
  const frames = dangerousFrames();
  for (;;) {
    const frame = Uint8Array.from(frames[below(frames.length)] as Uint8Array);
    const kind = below(3);
    if (kind === 0) {
      yield Uint8Array.from({ length: 1 + below(80) }, () => below(256));
    } else if (kind === 1) {
      // Without its closing zero, and seldom followed by one: it runs into what comes next.
      yield frame.subarray(0, 1 + below(frame.length - 1));
    } else {
      const bits = new Set(Array.from({ length: 1 + below(3) }, () => below(8 * (frame.length - 1))));
      for (const bit of bits) frame[bit >> 3] = (frame[bit >> 3] as number) ^ (1 << (bit & 7));
      yield frame;
    }
  }
}

export interface FuzzResult {
  readonly bytes: number;
  /** Edges of the trigger lines, which must not be. */
  readonly triggerEdges: number;
  /** Until a valid request after the noise was answered, at real pace. */
  readonly answerMs: number;
  readonly crashed: boolean;
  readonly rxCrcErrors: number;
  readonly rxOverruns: number;
}

/** Sends `bytes` bytes of noise at free pace, then asks the board who it is at real pace. */
export async function fuzzSerial(bench: BoardBench, bytes: number, seed: number): Promise<FuzzResult> {
  const source = noise(seed);
  const before = (await bench.rig.request("status", {})).link.bytesToBoard;
  let sent = 0;
  while (sent < bytes) {
    const piece = (source.next().value as Uint8Array).subarray(0, bytes - sent);
    bench.tty.write(piece);
    sent += piece.length;
    if (Math.floor(sent / chunkBytes) !== Math.floor((sent - piece.length) / chunkBytes))
      await receivedBy(bench, before + sent - 4 * chunkBytes);
  }
  await receivedBy(bench, before + sent);
  await bench.rig.request("pace", { pace: "real" });
  const start = performance.now();
  // The zero ends whatever the board takes for a frame, as the client's own repetitions do.
  bench.tty.write(Uint8Array.of(0));
  await bench.read("whoAmI");
  const answerMs = performance.now() - start;
  await bench.rig.request("pace", { pace: "free" });
  const edges = await bench.takeEdges();
  const { rxCrcErrors, rxOverruns } = await bench.read("counters");
  return {
    bytes: sent,
    triggerEdges: countEdges(edges, "nearTrigger") + countEdges(edges, "farTrigger"),
    answerMs,
    crashed: (await bench.rig.request("status", {})).crashed,
    rxCrcErrors,
    rxOverruns,
  };
}

async function receivedBy(bench: BoardBench, bytes: number): Promise<void> {
  for (;;) {
    const { link, crashed } = await bench.rig.request("status", {});
    if (crashed || link.bytesToBoard >= bytes) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
