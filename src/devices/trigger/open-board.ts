/** Finding and opening the trigger board. */
import type { Clock } from "../../base/clock.js";
import { CallerError } from "../../base/errors.js";
import { type Logger, silentLogger } from "../../base/log.js";
import type { BoardIdentity } from "../contract/trigger-board.js";
import { SerialTriggerBoard } from "./board.js";
import { type Connection, connectToBoard, connectToPath, unsetBoardId } from "./connect.js";
import { requiredFirmware } from "./handshake.js";
import { listPorts } from "./ports.js";

export interface OpenBoardOptions {
  readonly clock: Clock;
  readonly log?: Logger;
  /** Path of the tty; then `boardId` is not looked for. */
  readonly path?: string;
  /** 16 hex digits: found on any USB serial port or candidate. */
  readonly boardId?: string;
  /** Paths beside the USB serial ports where the board may be, e.g. /dev/ttyS0. */
  readonly candidates?: readonly string[];
  /** "major.minor.patch"; the oldest firmware to work with. */
  readonly minFirmware?: string;
  /** The board counts as lost after this long without a sound frame. Default 3000. */
  readonly silenceMs?: number;
  /** How long a fire waits for its lost link before it is unknown. Default 5000. */
  readonly settleMs?: number;
  /** How long `reconnect` keeps trying. Default 15000. */
  readonly reconnectMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens the board at `path`, or the one with `boardId` wherever it is plugged in. An Uno is reset
 * by that and takes 1 to 2 s. The board is left idle and disarmed, with a running keep-alive.
 * @throws CallerError USAGE without path and board id
 * @throws WorldError BOARD_NOT_FOUND, BOARD_BUSY, BOARD_NO_PERMISSION, BOARD_NOT_A_TRIGGER,
 *   BOARD_OLD_FIRMWARE, BOARD_NEW_FIRMWARE
 */
export async function openTriggerBoard(options: OpenBoardOptions): Promise<SerialTriggerBoard> {
  const { clock, log = silentLogger, candidates = [], minFirmware = requiredFirmware, signal } = options;
  const connection = await connect(options, { clock, minFirmware, signal });
  return SerialTriggerBoard.open(connection, {
    clock,
    log,
    silenceMs: options.silenceMs ?? 3000,
    settleMs: options.settleMs ?? 5000,
    reconnectMs: options.reconnectMs ?? 15_000,
    reopen: (identity, closing) => reopen(identity, candidates, { clock, minFirmware, signal: closing }),
  });
}

type ConnectOptions = Parameters<typeof connectToPath>[1];

async function connect(options: OpenBoardOptions, connecting: ConnectOptions): Promise<Connection> {
  if (options.path !== undefined) return connectToPath(options.path, connecting);
  if (options.boardId !== undefined) {
    return connectToBoard(options.boardId, await pathsToTry(options.candidates ?? []), connecting);
  }
  throw new CallerError("USAGE", "neither a path nor a board id was given", {
    advice: "Set `trigger.port` or `trigger.boardId` in the rig config.",
  });
}

/** Tries the old port first; a replugged board may be on another, where only its id finds it. */
async function reopen(
  identity: BoardIdentity,
  candidates: readonly string[],
  connecting: ConnectOptions,
): Promise<Connection> {
  try {
    const connection = await connectToPath(identity.path, connecting);
    if (connection.hello.identity.boardId === identity.boardId) return connection;
    await connection.link.close();
  } catch (error) {
    if (identity.boardId === unsetBoardId) throw error;
  }
  const others = (await pathsToTry(candidates)).filter((path) => path !== identity.path);
  return connectToBoard(identity.boardId, others, connecting);
}

async function pathsToTry(candidates: readonly string[]): Promise<readonly string[]> {
  return [...new Set([...candidates, ...(await listPorts())])];
}
