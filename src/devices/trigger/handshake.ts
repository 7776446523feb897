/** The first questions to whatever sits on a port: is it a trigger board, and one we understand? */
import { WorldError } from "../../base/errors.js";
import type { BoardIdentity } from "../contract/trigger-board.js";
import { protocolVersion, tickHz } from "./generated/protocol.js";
import type { TriggerLink } from "./link.js";
import { RequestLost } from "./link-errors.js";
import { readRegister } from "./registers.js";

/** "NF", see `whoAmI` in native/protocol/trigger.yml. */
const triggerBoardId = 0x4e46;

/** Oldest firmware whose behaviour this client relies on. */
export const requiredFirmware = "0.1.0";

/** Enough attempts for a noisy line, yet a silent port is given up after a second. */
const probePatienceMs: readonly number[] = [80, 80, 100, 100, 150, 150, 200, 200];

export interface BoardHello {
  readonly identity: BoardIdentity;
  /** Number of the last trigger since the board's boot. */
  readonly triggers: number;
  /** Board tick at the last question. */
  readonly tick: bigint;
}

/**
 * Only reads: a board that turns out to be another rig's is left as it was.
 * @param minFirmware "major.minor.patch"
 * @throws WorldError BOARD_NOT_A_TRIGGER, BOARD_OLD_FIRMWARE, BOARD_NEW_FIRMWARE
 */
export async function identify(link: TriggerLink, minFirmware: string): Promise<BoardHello> {
  await checkWhoAmI(link);
  const protocol = (await readRegister(link, "protocolVersion")).value;
  const firmware = (await readRegister(link, "firmwareVersion")).value;
  const firmwareVersion = `${firmware.major}.${firmware.minor}.${firmware.patch}`;
  checkVersions(link.path, protocol.major, firmwareVersion, minFirmware);
  const board = (await readRegister(link, "boardId")).value;
  const boot = (await readRegister(link, "bootId")).value;
  const rate = (await readRegister(link, "tickHz")).value;
  if (rate.hz !== tickHz) {
    throw oldFirmware(`the trigger board on ${link.path} counts at ${rate.hz} Hz, not at ${tickHz} Hz`);
  }
  const counters = await readRegister(link, "counters");
  return {
    triggers: counters.value.triggers,
    tick: counters.tick,
    identity: {
      path: link.path,
      boardId: board.id.toString(16).padStart(16, "0"),
      bootId: bootIdText(boot.id),
      firmwareVersion,
      protocolVersion: `${protocol.major}.${protocol.minor}`,
    },
  };
}

/** 8 hex digits. */
export function bootIdText(bootId: number): string {
  return bootId.toString(16).padStart(8, "0");
}

async function checkWhoAmI(link: TriggerLink): Promise<void> {
  let found: string;
  try {
    const { value } = await readRegister(link, "whoAmI", probePatienceMs);
    if (value.id === triggerBoardId) return;
    found = `it calls itself 0x${value.id.toString(16)}`;
  } catch (error) {
    if (!(error instanceof RequestLost) || error.code !== "BOARD_NO_REPLY") throw error;
    found = link.statistics.badFrames > 0 ? "it sends something else" : "it is silent";
  }
  throw new WorldError("BOARD_NOT_A_TRIGGER", `${link.path} is not a nearfar trigger board: ${found}`, {
    advice:
      "Check `trigger.port` in the rig config; a new board needs its firmware first: nearfar firmware flash.",
  });
}

function checkVersions(path: string, protocolMajor: number, firmware: string, minFirmware: string): void {
  if (protocolMajor > protocolVersion.major) {
    throw new WorldError(
      "BOARD_NEW_FIRMWARE",
      `the trigger board on ${path} speaks protocol ${protocolMajor}, nearfar ${protocolVersion.major}`,
      { advice: "Update nearfar, or put this version's firmware on the board: nearfar firmware flash." },
    );
  }
  if (protocolMajor < protocolVersion.major) {
    throw oldFirmware(
      `the trigger board on ${path} speaks protocol ${protocolMajor}, nearfar ${protocolVersion.major}`,
    );
  }
  if (compareVersions(firmware, minFirmware) < 0) {
    throw oldFirmware(`the trigger board on ${path} has firmware ${firmware}, below ${minFirmware}`);
  }
}

function oldFirmware(message: string): WorldError {
  return new WorldError("BOARD_OLD_FIRMWARE", message, {
    advice: "Update the board: nearfar firmware flash.",
  });
}

/** Negative when `a` is older than `b`; both "major.minor.patch". */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let place = 0; place < 3; place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
