import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.js";
import { openTriggerBoard } from "../devices/trigger/open-board.js";

/** Writes a random 64-bit id to the board's EEPROM; by it the board is found on any port. */
export async function assignBoardId(clock: Clock, port: string): Promise<string> {
  const board = await openTriggerBoard({ clock, path: port });
  try {
    const boardId = randomBytes(8).toString("hex");
    await board.assignBoardId(boardId);
    return boardId;
  } finally {
    await board.close();
  }
}
