/**
 * The heartbeat of an open link: pings that feed the board's host time-out and the clock model,
 * and that notice a board which went silent or booted anew. Pings give way to every other
 * request, so they never hold up a fire.
 */
import type { Clock } from "../../base/clock.js";
import type { ClockModel } from "./clock-model.js";
import { wireBytes } from "./framing.js";
import { baudRate, tickSizeBytes } from "./generated/protocol.js";
import type { TriggerLink } from "./link.js";
import { RequestLost, rebootedError, silentError } from "./link-errors.js";
import { ping } from "./registers.js";

const intervalMs = 500;
/** The first pings come fast, so that there is a clock fit before the first shot. */
const firstPings = 8;
const firstIntervalMs = 25;
/** Well below the board's host time-out of 3 s. */
const holdOffMs = 1000;
/** Silence counts only when pings went out and found no answer: a stalled host proves nothing. */
const missedPings = 3;

/** Start bit, eight data bits, stop bit. */
const nsPerByte = (10 * 1e9) / baudRate;
const requestWireNs = wireBytes(0) * nsPerByte;
/** The reply carries its own tick and the register's. */
const replyWireNs = wireBytes(2 * tickSizeBytes) * nsPerByte;

export interface KeepAliveOptions {
  readonly clock: Clock;
  /** Without a sound frame for this long the board counts as lost. */
  readonly silenceMs: number;
}

export class KeepAlive {
  readonly #link: TriggerLink;
  readonly #model: ClockModel;
  readonly #options: KeepAliveOptions;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #sent = 0;
  #missed = 0;
  #beating = false;
  #lastBeatMs = 0;
  #lastTick: bigint;

  /** @param lastTick latest tick known of this boot; time running back means another boot */
  constructor(link: TriggerLink, model: ClockModel, lastTick: bigint, options: KeepAliveOptions) {
    this.#link = link;
    this.#model = model;
    this.#lastTick = lastTick;
    this.#options = options;
    this.#schedule();
  }

  /** Latest tick that the board has told. */
  get lastTick(): bigint {
    return this.#lastTick;
  }

  /** No ping for the next second: a damaged one would make the board switch its outputs off. */
  holdOff(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (!this.#beating) this.#scheduleIn(holdOffMs);
  }

  /** The fire is over: pings go on when they are due, however fast the fires follow each other. */
  resume(): void {
    if (this.#beating) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#scheduleIn(Math.max(0, this.#lastBeatMs + intervalMs - performance.now()));
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#scheduleIn(this.#sent < firstPings ? firstIntervalMs : intervalMs);
  }

  #scheduleIn(waitMs: number): void {
    if (this.#stopped || !this.#link.isOpen) return;
    this.#timer = setTimeout(() => void this.#beat(), waitMs);
  }

  async #beat(): Promise<void> {
    this.#sent++;
    this.#beating = true;
    this.#lastBeatMs = performance.now();
    try {
      await this.#ping();
      this.#missed = 0;
    } catch (error) {
      // The link itself tells when it is over; a lost ping is only counted.
      if (error instanceof RequestLost) this.#missed++;
    }
    this.#beating = false;
    this.#checkSilence();
    this.#schedule();
  }

  async #ping(): Promise<void> {
    const { value, sentNs, receivedNs } = await ping(this.#link);
    if (value.tick < this.#lastTick) {
      this.#link.fail(rebootedError(this.#link.path));
      return;
    }
    this.#lastTick = value.tick;
    this.#model.add({ tick: value.tick, sentNs, receivedNs, requestWireNs, replyWireNs });
  }

  #checkSilence(): void {
    const silentNs = this.#options.clock.monotonicNs() - this.#link.lastHeardNs;
    if (this.#missed < missedPings || Number(silentNs) < this.#options.silenceMs * 1e6) return;
    this.#link.fail(silentError(this.#link.path));
  }
}
