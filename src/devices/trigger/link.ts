/**
 * Requests and replies over the tty. One request is outstanding at a time; it is repeated with
 * the same number and identical bytes until its reply comes. The board answers a number it has
 * just answered from memory, so a lost reply cannot fire twice.
 */
import type { Clock } from "../../base/clock.js";
import type { WorldError } from "../../base/errors.js";
import { encodeFrame, type Frame, FrameDecoder } from "./framing.js";
import { frameKinds, maxPayloadBytes, splitTick, tickSizeBytes } from "./generated/protocol.js";
import { closedError, goneError, noReplyError, outcomeOf, rebootedError } from "./link-errors.js";
import type { Tty } from "./tty.js";

/**
 * How long each attempt waits, in ms. A register's round trip is 3 ms on the wire and up to 20 ms
 * through a USB adapter; the later attempts are for a host that is short of CPU.
 */
export const commandPatienceMs: readonly number[] = [60, 60, 100, 100, 200, 200, 400, 400, 400];
/** A ping is worth nothing when repeated: its times would be those of the first attempt. */
export const pingPatienceMs: readonly number[] = [250];

export interface LinkRequest {
  readonly kind: number;
  readonly address: number;
  readonly payload: Uint8Array;
  readonly patienceMs: readonly number[];
  /** Gives way: is abandoned, unanswered, as soon as another request wants the link. */
  readonly yields: boolean;
}

export interface LinkReply {
  readonly frame: Frame;
  readonly attempts: number;
  /** Host CLOCK_MONOTONIC around the last attempt, in ns. */
  readonly sentNs: bigint;
  readonly receivedNs: bigint;
}

export interface LinkListener {
  event(frame: Frame): void;
  /** The link is over; called once, never after {@link TriggerLink.close}. */
  lost(reason: WorldError): void;
}

/** Losses are counted here, also those that a repetition healed. Since the link was opened. */
export interface LinkStatistics {
  readonly badFrames: number;
  readonly repetitions: number;
  /** Replies to a request that is already over. */
  readonly lateReplies: number;
  /** Gaps in the numbers of the board's events. */
  readonly eventsLost: number;
}

interface Pending {
  readonly request: LinkRequest;
  readonly resolve: (reply: LinkReply) => void;
  readonly reject: (error: Error) => void;
  bytes: Uint8Array;
  seq: number;
  attempts: number;
  sentNs: bigint;
  timer: NodeJS.Timeout | null;
}

export class TriggerLink {
  readonly #tty: Tty;
  readonly #clock: Clock;
  readonly #decoder = new FrameDecoder(maxPayloadBytes);
  #listener: LinkListener | null = null;
  #queue: Pending[] = [];
  #active: Pending | null = null;
  #seq = Math.floor(Math.random() * 256);
  #eventSeq: number | null = null;
  #over: Error | null = null;
  #lastHeardNs: bigint;
  #hasHeard = false;
  #lastTick = 0n;
  #repetitions = 0;
  #lateReplies = 0;
  #eventsLost = 0;

  constructor(tty: Tty, clock: Clock) {
    this.#tty = tty;
    this.#clock = clock;
    this.#lastHeardNs = clock.monotonicNs();
    tty.listen({
      bytes: (chunk) => this.#decoder.push(chunk, (frame) => this.#take(frame)),
      gone: (cause) => this.fail(goneError(tty.path, cause)),
    });
  }

  get path(): string {
    return this.#tty.path;
  }

  get isOpen(): boolean {
    return this.#over === null;
  }

  /** Has any sound frame arrived yet? */
  get hasHeard(): boolean {
    return this.#hasHeard;
  }

  /** Host CLOCK_MONOTONIC of the last sound frame (of the link's opening before one), in ns. */
  get lastHeardNs(): bigint {
    return this.#lastHeardNs;
  }

  get statistics(): LinkStatistics {
    return {
      badFrames: this.#decoder.badFrames,
      repetitions: this.#repetitions,
      lateReplies: this.#lateReplies,
      eventsLost: this.#eventsLost,
    };
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
  }

  /**
   * Resolves with the reply, which may be the board's `error` frame. A request without a reply to
   * its last attempt ends the link, unless it yields.
   * @throws RequestLost BOARD_NO_REPLY or the reason for which the link ended
   * @throws CallerError CLOSED
   */
  request(request: LinkRequest): Promise<LinkReply> {
    if (this.#over !== null) return Promise.reject(outcomeOf(this.#over, false));
    return new Promise((resolve, reject) => {
      const bytes = new Uint8Array(0);
      this.#queue.push({ request, resolve, reject, bytes, seq: 0, attempts: 0, sentNs: 0n, timer: null });
      if (this.#active?.request.yields && !request.yields) this.#giveUp(this.#active);
      else this.#next();
    });
  }

  /** Ends the link because of `reason`: everything outstanding is lost, the port is closed. */
  fail(reason: WorldError): void {
    if (this.#over !== null) return;
    this.#end(reason);
    void this.#tty.close();
    this.#listener?.lost(reason);
  }

  /** Closes the port; what is outstanding rejects with CLOSED. May be called twice. */
  async close(): Promise<void> {
    if (this.#over === null) this.#end(closedError());
    await this.#tty.close();
  }

  #end(reason: Error): void {
    this.#over = reason;
    const waiting = this.#active === null ? this.#queue : [this.#active, ...this.#queue];
    this.#active = null;
    this.#queue = [];
    for (const pending of waiting) {
      if (pending.timer !== null) clearTimeout(pending.timer);
      pending.reject(outcomeOf(reason, pending.attempts > 0));
    }
  }

  #next(): void {
    if (this.#active !== null || this.#over !== null) return;
    const pending = this.#queue.shift();
    if (pending === undefined) return;
    this.#active = pending;
    this.#seq = (this.#seq + 1) & 0xff;
    pending.seq = this.#seq;
    pending.bytes = encodeFrame({ ...pending.request, seq: pending.seq });
    this.#send(pending);
  }

  #send(pending: Pending): void {
    // The first byte of a repetition ends whatever the board still takes for a frame.
    if (pending.attempts > 0) this.#tty.write(Uint8Array.of(0));
    const patienceMs = pending.request.patienceMs[pending.attempts] as number;
    pending.attempts++;
    pending.sentNs = this.#clock.monotonicNs();
    this.#tty.write(pending.bytes);
    pending.timer = setTimeout(() => this.#timeOut(pending), patienceMs);
  }

  #timeOut(pending: Pending): void {
    if (pending.attempts < pending.request.patienceMs.length) {
      this.#repetitions++;
      this.#send(pending);
    } else if (pending.request.yields) {
      this.#giveUp(pending);
    } else {
      // A late copy of an unanswered command must not surprise anybody: the port is closed.
      this.fail(noReplyError(this.path));
    }
  }

  #giveUp(pending: Pending): void {
    this.#leave(pending);
    pending.reject(outcomeOf(noReplyError(this.path), true));
    this.#next();
  }

  #leave(pending: Pending): void {
    if (pending.timer !== null) clearTimeout(pending.timer);
    this.#active = null;
  }

  #take(frame: Frame): void {
    if (this.#over !== null) return;
    this.#hasHeard = true;
    this.#lastHeardNs = this.#clock.monotonicNs();
    if (frame.kind === frameKinds.event) this.#takeEvent(frame);
    else if (frame.kind !== frameKinds.dump) this.#takeReply(frame);
  }

  #takeEvent(frame: Frame): void {
    if (this.#eventSeq !== null) this.#eventsLost += (frame.seq - this.#eventSeq - 1) & 0xff;
    this.#eventSeq = frame.seq;
    this.#listener?.event(frame);
  }

  #takeReply(frame: Frame): void {
    const pending = this.#active;
    if (pending === null || frame.seq !== pending.seq || !answers(frame, pending.request)) {
      this.#lateReplies++;
      return;
    }
    this.#leave(pending);
    const { attempts, sentNs } = pending;
    pending.resolve({ frame, attempts, sentNs, receivedNs: this.#lastHeardNs });
    this.#checkTick(frame);
    this.#next();
  }

  /**
   * Every reply tells when its request was processed, and requests are processed in order: time
   * that runs back is another boot, also when its `booted` event was lost.
   */
  #checkTick(frame: Frame): void {
    if (frame.kind === frameKinds.error || frame.payload.length < tickSizeBytes) return;
    const { tick } = splitTick(frame.payload);
    if (tick < this.#lastTick) this.fail(rebootedError(this.path));
    this.#lastTick = tick;
  }
}

function answers(frame: Frame, request: LinkRequest): boolean {
  if (frame.address !== request.address) return false;
  if (frame.kind === frameKinds.error) return true;
  return frame.kind === (request.kind === frameKinds.read ? frameKinds.readReply : frameKinds.writeReply);
}
