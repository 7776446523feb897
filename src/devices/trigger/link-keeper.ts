/** Keeps a link to one board: watches over it, tells when it is lost, opens it again. */
import { sleep } from "../../base/abort.js";
import type { Clock } from "../../base/clock.js";
import type { WorldError } from "../../base/errors.js";
import type { Logger } from "../../base/log.js";
import type { BoardIdentity } from "../contract/trigger-board.js";
import { ClockModel } from "./clock-model.js";
import type { Connection } from "./connect.js";
import { Deferred } from "./deferred.js";
import type { Frame } from "./framing.js";
import { KeepAlive } from "./keep-alive.js";
import type { TriggerLink } from "./link.js";
import { closedError } from "./link-errors.js";
import { writeRegister } from "./registers.js";

/** Pause between two attempts to open a lost board again. */
const retryMs = 300;
/** For the farewell: the cable may be gone, and a board without a host goes safe by itself. */
const farewellMs = 250;

export interface LinkKeeperOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Without a sound frame for this long the board counts as lost. */
  readonly silenceMs: number;
  /** One attempt to find the board again; rejects when `signal` aborts. */
  reopen(identity: BoardIdentity, signal: AbortSignal): Promise<Connection>;
}

export interface LinkUser {
  event(frame: Frame): void;
  lost(): void;
  /** Brings a board that was just (re)opened into the state that its user needs. */
  prepare(connection: Connection): Promise<void>;
}

export class LinkKeeper {
  readonly #options: LinkKeeperOptions;
  readonly #user: LinkUser;
  readonly #closing = new AbortController();
  readonly model = new ClockModel();
  #connection: Connection;
  #keepAlive: KeepAlive;
  #lost = new Deferred<Error>();
  #attempt: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(connection: Connection, user: LinkUser, options: LinkKeeperOptions) {
    this.#options = options;
    this.#user = user;
    this.#connection = connection;
    this.#keepAlive = this.#watchOver(connection);
  }

  get link(): TriggerLink {
    return this.#connection.link;
  }

  get identity(): BoardIdentity {
    return this.#connection.hello.identity;
  }

  /** The board was given this id: from now on it is found by it. */
  adoptBoardId(boardId: string): void {
    const { link, hello } = this.#connection;
    this.#connection = { link, hello: { ...hello, identity: { ...hello.identity, boardId } } };
  }

  /** Latest tick that the board has told in this boot. */
  get lastTick(): bigint {
    return this.#keepAlive.lastTick;
  }

  /** Resolves when the present link is lost. */
  get lost(): Promise<Error> {
    return this.#lost.promise;
  }

  /** No ping for the next second. */
  holdOffPings(): void {
    this.#keepAlive.holdOff();
  }

  /** Pings again, at their interval. */
  resumePings(): void {
    this.#keepAlive.resume();
  }

  /** @throws CallerError CLOSED after {@link close} */
  checkOpen(): void {
    if (this.#closed !== null) throw closedError();
  }

  /**
   * Tries for `forMs` to get the link back; does nothing when it is up. An attempt in flight (4 s
   * at most) is finished before an abort takes effect.
   * @throws the last attempt's error
   */
  async restore(forMs: number, signal?: AbortSignal): Promise<void> {
    const endMs = performance.now() + forMs;
    while (!this.link.isOpen || this.#attempt !== null) {
      signal?.throwIfAborted();
      this.checkOpen();
      try {
        this.#attempt ??= this.#reopen().finally(() => {
          this.#attempt = null;
        });
        await this.#attempt;
      } catch (error) {
        if (performance.now() > endMs) throw error;
        this.#options.log.debug({ error }, "the trigger board is not back yet");
        await sleep(retryMs, signal);
      }
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#keepAlive.stop();
    this.#closing.abort();
    await this.#attempt?.catch(() => {});
    if (this.link.isOpen) await this.#sayFarewell();
    this.#keepAlive.stop();
    await this.link.close();
  }

  /** Disarms if the board listens; a courtesy that may fail. */
  async #sayFarewell(): Promise<void> {
    const spoken = new AbortController();
    const disarmed = writeRegister(this.link, "disarm", { go: 1 }).then(
      () => spoken.abort(),
      () => spoken.abort(),
    );
    await Promise.race([disarmed, sleep(farewellMs, spoken.signal).catch(() => {})]);
  }

  async #reopen(): Promise<void> {
    const connection = await this.#options.reopen(this.identity, this.#closing.signal);
    const { link, hello } = connection;
    const sameBoot = hello.identity.bootId === this.identity.bootId && hello.tick >= this.lastTick;
    if (!sameBoot) this.model.clear();
    this.#connection = connection;
    this.#keepAlive = this.#watchOver(connection);
    try {
      await this.#user.prepare(connection);
    } catch (error) {
      this.#keepAlive.stop();
      await link.close();
      throw error;
    }
    this.#lost = new Deferred();
    this.#options.log.info({ ...hello.identity, sameBoot }, "the trigger board is connected again");
  }

  #watchOver({ link, hello }: Connection): KeepAlive {
    const { clock, silenceMs } = this.#options;
    link.listen({
      event: (frame) => this.#user.event(frame),
      lost: (reason) => this.#loseLink(reason),
    });
    return new KeepAlive(link, this.model, hello.tick, { clock, silenceMs });
  }

  #loseLink(reason: WorldError): void {
    this.#keepAlive.stop();
    if (this.#closed !== null) return;
    this.#options.log.warn({ code: reason.code }, reason.message);
    this.#lost.resolve(reason);
    this.#user.lost();
  }
}
