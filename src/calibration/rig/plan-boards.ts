/** Which boards a plan needs. */
import { CallerError } from "../../base/errors.js";
import { describedBoards } from "../geometry/observations/board-description.js";
import type { KnownBoard } from "../geometry/observations/seen-board.js";
import type { BoardExtent } from "./pose-plan.js";

/** Nearer stops see too little of the large one. */
const smallBoardBelowMm = 300;
const smallBoard = "charuco-small";
const largeBoard = "charuco-a4";

export interface PlanBoards {
  /** Each once. */
  readonly boards: readonly KnownBoard[];
  readonly knownAt: (distanceMm: number) => KnownBoard;
  readonly boardAt: (distanceMm: number) => BoardExtent;
}

/**
 * One board for all stops, or, when none is named, those of calibration/targets that fit the stops.
 * @throws CallerError as `describedBoards`; USAGE for an assembly.
 */
export async function planBoards(
  stopsMm: readonly number[],
  description: string | undefined,
  targetsFolder: string,
): Promise<PlanBoards> {
  const idAt = (distanceMm: number): string =>
    description ?? (distanceMm < smallBoardBelowMm ? smallBoard : largeBoard);
  const ids = [...new Set(stopsMm.map(idAt))];
  const boards = await Promise.all(ids.map((id) => oneBoard(id, targetsFolder)));
  const knownAt = (distanceMm: number): KnownBoard => boards[ids.indexOf(idAt(distanceMm))] as KnownBoard;
  return { boards, knownAt, boardAt: (distanceMm) => extentOf(knownAt(distanceMm)) };
}

/** @throws CallerError as `describedBoards`; USAGE for an assembly. */
export async function oneBoard(description: string, targetsFolder: string): Promise<KnownBoard> {
  const [board, ...more] = await describedBoards(description, targetsFolder);
  if (board !== undefined && more.length === 0) return board;
  throw new CallerError("USAGE", `${description} is several boards at once.`, {
    advice: `Name a single board, such as ${largeBoard}.`,
  });
}

/** Sheets are taken to have a rim of a square's width. */
function extentOf({ id, board, cornersMm }: KnownBoard): BoardExtent {
  const most = (axis: 0 | 1): number => Math.max(...cornersMm.map((corner) => Math.abs(corner[axis])));
  const { squaresX, squaresY, squareMm } = board;
  return {
    id,
    corners: [most(0), most(1)],
    sheet: [(squaresX / 2 + 1) * squareMm, (squaresY / 2 + 1) * squareMm],
  };
}
