/** Boards of targets with the places of their corners. */
import { CallerError } from "../../../base/errors.js";
import { identity, type Rigid } from "../../../geometry/rigid.js";
import type { VisionBoard } from "../../../native/vision.js";
import type { TargetDefinition } from "../../../schema/target.js";
import { innerCorners } from "../../../targets/board-geometry.js";
import type { KnownBoard } from "./seen-board.js";

/** A flat board: the origin at its centre, x right, y down. */
export function knownBoard(id: string, board: VisionBoard, T_target_board: Rigid = identity): KnownBoard {
  return {
    id,
    board,
    cornersMm: innerCorners(board).map(({ x, y }) => [x, y, 0] as const),
    T_target_board,
  };
}

/**
 * All boards of a target: one, or the parts of an assembly.
 * @throws CallerError USAGE for a target without corners.
 */
export function boardsOfTarget(target: TargetDefinition): KnownBoard[] {
  switch (target.kind) {
    case "charuco":
    case "chessboard":
      return [knownBoard(target.id, target)];
    case "assembly":
      return target.boards.map((board) => knownBoard(`${target.id}-${board.id}`, board, board.pose));
    case "color-chart":
      throw new CallerError("USAGE", `${target.id} has patches, no corners to find.`, {
        advice: "Name a board: `nearfar targets list`.",
      });
  }
}
