/** Checks of what callers hand in, before anything is sent. */
import { CallerError } from "../../base/errors.js";
import { registers } from "./generated/protocol.js";

const maxShotId = 2 ** 32 - 1;

/** @throws CallerError USAGE */
export function checkShotId(shotId: number): void {
  if (Number.isInteger(shotId) && shotId >= 0 && shotId <= maxShotId) return;
  throw new CallerError("USAGE", `shot id ${shotId} is not an integer from 0 to ${maxShotId}`, {
    advice: "Use the shot id that the dataset issued.",
  });
}

/** @throws CallerError USAGE */
export function checkArm(shotId: number, budget: number): void {
  checkShotId(shotId);
  const { min, max } = registers.arm.limits.budget;
  if (Number.isInteger(budget) && budget >= min && budget <= max) return;
  throw new CallerError("USAGE", `a budget of ${budget} triggers is not an integer from ${min} to ${max}`, {
    advice: `Arm for ${min} to ${max} triggers.`,
  });
}

/** @throws CallerError USAGE */
export function checkBoardId(boardId: string): bigint {
  if (/^[0-9a-f]{16}$/.test(boardId)) return BigInt(`0x${boardId}`);
  throw new CallerError("USAGE", `board id "${boardId}" is not 16 hex digits`, {
    advice: "Use 16 digits of 0-9 and a-f.",
  });
}
