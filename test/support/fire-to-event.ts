/** From sending `fire` to the board's `fired` event at the host, beside the bytes' own time. */
import { wireBytes } from "../../src/devices/trigger/framing.js";
import {
  baudRate,
  encodeEvent,
  encodeRegister,
  encodeReply,
  events,
  tickSizeBytes,
} from "../../src/devices/trigger/generated/protocol.js";
import { TriggerLink } from "../../src/devices/trigger/link.js";
import { readRegister, writeRegister } from "../../src/devices/trigger/registers.js";
import { openTty } from "../../src/devices/trigger/tty.js";
import { systemClock } from "./system-clock.js";

/** A start bit, eight data bits and a stop bit. */
const msPerByte = (10 * 1000) / baudRate;

/** Bytes of the request, its reply and the event, which follow one another, and their time on the wire. */
export function fireOnTheWire(): { readonly bytes: number; readonly ms: number } {
  const part = { shotId: 0, triggerNumber: 0 };
  const request = encodeRegister("fire", { shotId: 0 }).length;
  const reply = tickSizeBytes + encodeReply("fire", part).length;
  const event = tickSizeBytes + encodeEvent("fired", { ...part, nearTick: 0n, farTick: 0n }).length;
  const bytes = wireBytes(request) + wireBytes(reply) + wireBytes(event);
  return { bytes, ms: bytes * msPerByte };
}

/** Fires `fires` times over the tty at `path`, without feedback. @returns ms of each */
export async function measureFireToEvent(path: string, fires: number): Promise<number[]> {
  const link = new TriggerLink(await openTty(path, baudRate), systemClock);
  let onFired = (): void => {};
  link.listen({
    event: ({ address }) => {
      if (address === events.fired.address) onFired();
    },
    lost: () => {},
  });
  await writeRegister(link, "feedback", { mask: 0 });
  const timesMs: number[] = [];
  for (let shotId = 1; shotId <= fires; shotId++) {
    await writeRegister(link, "arm", { shotId, budget: 1 });
    const fired = new Promise<number>((resolve) => {
      onFired = () => resolve(performance.now());
    });
    const startMs = performance.now();
    await writeRegister(link, "fire", { shotId });
    timesMs.push((await fired) - startMs);
    while ((await readRegister(link, "state")).value.state === "firing");
  }
  await link.close();
  return timesMs;
}
