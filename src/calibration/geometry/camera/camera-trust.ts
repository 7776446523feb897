/** What a calibration of one camera is worth beyond its own residuals. */
import type { Solver } from "../../../native/solver.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import { type BoardBend, bendOf, boardBend } from "./board-bend.js";
import type { CameraBody } from "./camera-body.js";
import { solveHalves } from "./held-out.js";
import { imageGrid } from "./image-grid.js";
import { crossValidate, uncertaintyMap } from "./projection-maps.js";
import type { CameraModel, CameraSolution } from "./solve-camera.js";
import type { SolvedViews } from "./solve-views.js";
import { unlessUndetermined } from "./undetermined.js";
import { medianDistanceMm } from "./view-spread.js";

export interface CameraTrust extends Pick<CameraBody, "uncertainty" | "crossValidation"> {
  /** Per point, px; null with fewer than 6 views, and when half of them do not determine the camera. */
  readonly heldOutRmsPx: number | null;
  readonly crossValidationRatio: number | null;
  /** Null when the views do not tell. */
  readonly bend: BoardBend | null;
}

/**
 * @param stated a distance that uncertainty is asked for beside that of the boards, mm; null: none.
 */
export async function cameraTrust(
  solver: Solver,
  board: KnownBoard,
  { images, solution, kept }: SolvedViews,
  model: CameraModel,
  stated: number | null,
  signal: AbortSignal | undefined,
): Promise<CameraTrust> {
  const grid = imageGrid(images.imageSizePx);
  const distanceMm = medianDistanceMm(solution.poses, board);
  const uncertainty: CameraBody["uncertainty"][number][] = [];
  for (const at of stated === null ? [distanceMm] : [distanceMm, stated]) {
    const map = await uncertaintyMap(solver, withoutOutliers(solution, kept), grid, at);
    uncertainty.push({ distanceMm: at, map });
  }
  const halves = await unlessUndetermined(solveHalves(solver, board, kept, solution, model, signal));
  const cross = halves && (await unlessUndetermined(crossValidate(solver, halves, grid, distanceMm, signal)));
  const bend =
    model.warp === null
      ? await boardBend(solver, board, kept, solution, model, signal)
      : bendOf(solution, board);
  return {
    uncertainty,
    crossValidation: cross?.map ?? null,
    heldOutRmsPx: halves?.heldOutRmsPx ?? null,
    crossValidationRatio: cross?.ratio ?? null,
    bend,
  };
}

/** What is known of the camera is known from the corners that were kept. */
function withoutOutliers(
  { problem }: CameraSolution,
  kept: readonly SeenBoard[],
): Pick<CameraSolution, "problem"> {
  const views = problem.views.map((view, i) => {
    const { ids, pointsPx } = kept[i] as SeenBoard;
    return { ...view, observations: [{ camera: 0, ids, pointsPx }] };
  });
  return { problem: { ...problem, views } };
}
