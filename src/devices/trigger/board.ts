/** The trigger board on a serial port; the contract says what each call promises. */
import { sleep } from "../../base/abort.js";
import { CallerError, WorldError } from "../../base/errors.js";
import type { ClockFit } from "../contract/clock-fit.js";
import type {
  BoardIdentity,
  BoardStatus,
  FireResult,
  TriggerBoard,
  TriggerSettings,
} from "../contract/trigger-board.js";
import { checkArm, checkBoardId, checkShotId } from "./arguments.js";
import type { Connection } from "./connect.js";
import { type FireHost, fireTrigger } from "./fire.js";
import type { Frame } from "./framing.js";
import { type DecodedEvent, decodeEvent, splitTick } from "./generated/protocol.js";
import { bootIdText } from "./handshake.js";
import type { LinkStatistics } from "./link.js";
import { rebootedError } from "./link-errors.js";
import { LinkKeeper, type LinkKeeperOptions } from "./link-keeper.js";
import { readRegister, writeRegister } from "./registers.js";
import { checkSettings, longestTriggerMs, writeSettings } from "./settings.js";
import { TriggerWatch } from "./trigger-watch.js";

/** The board goes safe after this long without a ping (they come every 500 ms). */
const hostTimeoutMs = 3000;
const heartbeatMs = 1000;
/** How often a board is asked whether a fire that outlived its link has ended. */
const askAgainMs = 100;

export interface BoardOptions extends LinkKeeperOptions {
  /** How long a fire whose link was lost waits for the board before it is unknown. */
  readonly settleMs: number;
  /** How long `reconnect` keeps trying. */
  readonly reconnectMs: number;
}

export class SerialTriggerBoard implements TriggerBoard {
  readonly #options: BoardOptions;
  readonly #keeper: LinkKeeper;
  #settings: TriggerSettings | null = null;
  #watch: TriggerWatch | null = null;
  /** Number of the last trigger known of this boot. */
  #lastTrigger = 0;
  #eventsLost = 0;

  private constructor(connection: Connection, options: BoardOptions) {
    this.#options = options;
    const user = {
      event: (frame: Frame) => this.#take(frame),
      lost: () => this.#watch?.wake(),
      prepare: (again: Connection) => this.#prepare(again),
    };
    this.#keeper = new LinkKeeper(connection, user, options);
  }

  /** Takes a fresh connection over; whatever an earlier host left armed is disarmed. */
  static async open(connection: Connection, options: BoardOptions): Promise<SerialTriggerBoard> {
    const board = new SerialTriggerBoard(connection, options);
    try {
      await board.#prepare(connection);
      return board;
    } catch (error) {
      await board.close();
      throw error;
    }
  }

  get identity(): BoardIdentity {
    return this.#keeper.identity;
  }

  get clockFit(): ClockFit | null {
    return this.#keeper.model.fit;
  }

  get lost(): Promise<Error> {
    return this.#keeper.lost;
  }

  /** Losses on the link since it was last opened. */
  get linkStatistics(): LinkStatistics {
    return this.#keeper.link.statistics;
  }

  /** @throws CallerError CONFIG_INVALID before anything is sent; WorldError BOARD_REFUSED, LINK_LOST */
  async configure(settings: TriggerSettings): Promise<TriggerSettings> {
    this.#keeper.checkOpen();
    checkSettings(settings);
    const held = await writeSettings(this.#keeper.link, settings);
    this.#settings = settings;
    return held;
  }

  async arm(shotId: number, budget: number): Promise<void> {
    this.#keeper.checkOpen();
    checkArm(shotId, budget);
    const { value } = await writeRegister(this.#keeper.link, "arm", { shotId, budget });
    if (value.shotId === shotId && value.budget === budget) return;
    throw new WorldError("BOARD_REFUSED", `the trigger board armed shot ${value.shotId}, not ${shotId}`, {
      advice: "Arm the shot again.",
    });
  }

  async fire(shotId: number): Promise<FireResult> {
    this.#keeper.checkOpen();
    checkShotId(shotId);
    if (this.#watch !== null) {
      throw new CallerError("USAGE", `shot ${this.#watch.shotId} is still firing`, {
        advice: "Wait for a fire to end before the next one.",
      });
    }
    const watch = new TriggerWatch(shotId, this.#lastTrigger);
    this.#watch = watch;
    this.#keeper.holdOffPings();
    try {
      return await fireTrigger(this.#fireHost(), watch, longestTriggerMs(this.#settings));
    } finally {
      this.#watch = null;
      this.#keeper.resumePings();
    }
  }

  async disarm(): Promise<void> {
    this.#keeper.checkOpen();
    await writeRegister(this.#keeper.link, "disarm", { go: 1 });
  }

  async status(): Promise<BoardStatus> {
    this.#keeper.checkOpen();
    const { state } = (await readRegister(this.#keeper.link, "state")).value;
    const { value, tick } = await readRegister(this.#keeper.link, "counters");
    const { triggers, ...losses } = value;
    return { state, tick, triggersSinceBoot: triggers, ...losses };
  }

  /** Gives the board the id by which it is found on any port. @param boardId 16 hex digits */
  async assignBoardId(boardId: string): Promise<void> {
    this.#keeper.checkOpen();
    await writeRegister(this.#keeper.link, "boardId", { id: checkBoardId(boardId) });
    this.#keeper.adoptBoardId(boardId);
  }

  /**
   * Does nothing when the link is up. The board is disarmed afterwards. An attempt in flight (4 s
   * at most) is finished before an abort takes effect.
   * @throws the last attempt's error after `reconnectMs`
   */
  async reconnect(signal?: AbortSignal): Promise<void> {
    this.#keeper.checkOpen();
    await this.#keeper.restore(this.#options.reconnectMs, signal);
  }

  async close(): Promise<void> {
    await this.#keeper.close();
    this.#watch?.wake();
  }

  #fireHost(): FireHost {
    const keeper = this.#keeper;
    return {
      get link() {
        return keeper.link;
      },
      bootId: keeper.identity.bootId,
      lastTick: keeper.lastTick,
      restore: () =>
        keeper.restore(this.#options.settleMs).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
    };
  }

  /** Brings a board of unknown past to idle, with the settings in force. */
  async #prepare({ link, hello }: Connection): Promise<void> {
    this.#lastTrigger = hello.triggers;
    this.#eventsLost = 0;
    // A fire of ours that outlived its link still measures exposures: let it end.
    while (this.#watch !== null && (await readRegister(link, "state")).value.state === "firing") {
      await sleep(askAgainMs);
      this.#keeper.checkOpen();
    }
    await writeRegister(link, "disarm", { go: 1 });
    await writeRegister(link, "hostTimeout", { ms: hostTimeoutMs });
    await writeRegister(link, "heartbeat", { ms: heartbeatMs });
    if (this.#settings !== null) await writeSettings(link, this.#settings);
  }

  #take(frame: Frame): void {
    const event = decode(frame);
    if (event === null) return;
    const { name, value } = event;
    if (name === "booted" && bootIdText(value.bootId) !== this.identity.bootId) {
      this.#keeper.link.fail(rebootedError(this.identity.path));
      return;
    }
    if (name === "safe") this.#options.log.debug(value, "the trigger board left armed");
    if ("triggerNumber" in value) this.#lastTrigger = value.triggerNumber;
    this.#watch?.take(event);
    const { eventsLost } = this.linkStatistics;
    if (eventsLost > this.#eventsLost) this.#watch?.wake();
    this.#eventsLost = eventsLost;
  }
}

/** null for an event of a later minor version of the protocol. */
function decode(frame: Frame): DecodedEvent | null {
  try {
    return decodeEvent(frame.address, splitTick(frame.payload).body);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
