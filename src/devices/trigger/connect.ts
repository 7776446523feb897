/** From a path or a board id to an open link with a board that said who it is. */
import { sleep } from "../../base/abort.js";
import type { Clock } from "../../base/clock.js";
import { WorldError } from "../../base/errors.js";
import { baudRate } from "./generated/protocol.js";
import { type BoardHello, identify } from "./handshake.js";
import { TriggerLink } from "./link.js";
import { openTty } from "./tty.js";

/**
 * Opening the port of an Uno pulls DTR, which resets it; its boot loader then listens for about
 * a second (Optiboot 1 s, older ones 2 s). Nothing may be sent before, because the boot loader
 * takes bytes for programming commands.
 */
const bootMs = 2_500;
const bootPollMs = 20;

/** A board that says this has no id of its own yet. */
export const unsetBoardId = "ffffffffffffffff";

export interface ConnectOptions {
  readonly clock: Clock;
  /** "major.minor.patch" */
  readonly minFirmware: string;
  readonly signal: AbortSignal | undefined;
}

export interface Connection {
  readonly link: TriggerLink;
  readonly hello: BoardHello;
}

/** @throws WorldError BOARD_*; the port is closed again then */
export async function connectToPath(path: string, options: ConnectOptions): Promise<Connection> {
  options.signal?.throwIfAborted();
  const tty = await openTty(path, baudRate);
  const link = new TriggerLink(tty, options.clock);
  try {
    if (await tty.hasModemLines()) await waitForBoot(link, options.signal);
    const hello = await identify(link, options.minFirmware);
    options.signal?.throwIfAborted();
    return { link, hello };
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Until the board's first frame, or until its boot loader has certainly ended. */
async function waitForBoot(link: TriggerLink, signal: AbortSignal | undefined): Promise<void> {
  const endMs = performance.now() + bootMs;
  while (!link.hasHeard && link.isOpen && performance.now() < endMs) await sleep(bootPollMs, signal);
}

/**
 * Asks at all `paths` at once and keeps the board with this id.
 * @throws WorldError BOARD_NOT_FOUND that tells what was found at each path
 */
export async function connectToBoard(
  boardId: string,
  paths: readonly string[],
  options: ConnectOptions,
): Promise<Connection> {
  const answers = await Promise.allSettled(paths.map((path) => connectToPath(path, options)));
  let match: Connection | null = null;
  const tried: string[] = [];
  for (const [index, answer] of answers.entries()) {
    if (answer.status === "rejected") {
      tried.push(`${paths[index]} (${reasonOf(answer.reason)})`);
    } else if (match === null && answer.value.hello.identity.boardId === boardId) {
      match = answer.value;
    } else {
      tried.push(`${paths[index]} (board ${answer.value.hello.identity.boardId})`);
      await answer.value.link.close();
    }
  }
  options.signal?.throwIfAborted();
  if (match !== null) return match;
  const where = tried.length === 0 ? "there is no USB serial port" : `tried ${tried.join(", ")}`;
  throw new WorldError("BOARD_NOT_FOUND", `no trigger board with id ${boardId}: ${where}`, {
    advice: "Plug the board in, or correct `trigger.boardId` in the rig config.",
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
