/**
 * Just enough of a trigger board on a pseudo terminal to misbehave on purpose: to be old, mute,
 * late or double. Behaviour of the real firmware is tested on the virtual rig.
 */
import { encodeFrame, type Frame, FrameDecoder } from "../../src/devices/trigger/framing.js";
import {
  type EventName,
  type EventValues,
  encodeEvent,
  encodeReply,
  events,
  frameKinds,
  maxPayloadBytes,
  type RegisterName,
  type RegisterReplies,
  registerAt,
  registers,
  tickSizeBytes,
} from "../../src/devices/trigger/generated/protocol.js";
import { Pty } from "./pty.js";

const soundBoard: Partial<RegisterReplies> = {
  whoAmI: { id: 0x4e46 },
  protocolVersion: { major: 1, minor: 0 },
  firmwareVersion: { major: 1, minor: 0, patch: 0 },
  boardId: { id: 0xabcn },
  bootId: { id: 0x11 },
  tickHz: { hz: 16_000_000 },
  tick: { tick: 1000n },
  state: { state: "idle" },
  counters: { triggers: 0, rxCrcErrors: 0, rxOverruns: 0, eventsDropped: 0 },
  hostTimeout: { ms: 3000 },
  heartbeat: { ms: 1000 },
  disarm: { go: 1 },
};

/** What the peer does with a request: the reply frames to send, none to stay mute. */
export type Answer = (request: Frame, reply: Uint8Array) => readonly Uint8Array[];

export class PeerBoard {
  readonly values: Partial<RegisterReplies>;
  /** Every sound request, repetitions included. */
  readonly requests: Frame[] = [];
  answer: Answer = (_request, reply) => [reply];
  #pty: Pty | null = null;
  #eventSeq = 0;

  constructor(values: Partial<RegisterReplies> = {}) {
    this.values = { ...soundBoard, ...values };
  }

  /** Resolves with the path of its tty. */
  async plugIn(): Promise<string> {
    const decoder = new FrameDecoder(maxPayloadBytes);
    this.#pty = await Pty.open((bytes) => decoder.push(bytes, (frame) => this.#serve(frame)));
    return this.#pty.path;
  }

  async unplug(): Promise<void> {
    await this.#pty?.close();
  }

  send(bytes: Uint8Array): void {
    this.#pty?.write(bytes);
  }

  /** Sends an event; `skip` numbers are left out, as if that many had been lost. */
  sendEvent<N extends EventName>(name: N, value: EventValues[N], skip = 0): void {
    this.#eventSeq = (this.#eventSeq + 1 + skip) & 0xff;
    const payload = withTick(encodeEvent(name, value));
    this.send(
      encodeFrame({ kind: frameKinds.event, seq: this.#eventSeq, address: events[name].address, payload }),
    );
  }

  #serve(request: Frame): void {
    this.requests.push(request);
    for (const bytes of this.answer(request, this.#replyTo(request))) this.send(bytes);
  }

  #replyTo({ kind, seq, address }: Frame): Uint8Array {
    const name = registerAt(address);
    const value = name === undefined ? undefined : this.values[name];
    if (name === undefined || value === undefined) {
      return encodeFrame({ kind: frameKinds.error, seq, address, payload: withTick(Uint8Array.of(1)) });
    }
    const replyKind = kind === frameKinds.read ? frameKinds.readReply : frameKinds.writeReply;
    return encodeFrame({ kind: replyKind, seq, address, payload: withTick(encodeReply(name, value)) });
  }
}

/** Was this a request for `name`? */
export function asksFor(request: Frame, name: RegisterName): boolean {
  return request.address === registers[name].address;
}

function withTick(body: Uint8Array): Uint8Array {
  const payload = new Uint8Array(tickSizeBytes + body.length);
  payload[0] = 1;
  payload.set(body, tickSizeBytes);
  return payload;
}
