/** What a joint solve found, for read-outs, maps and checks. */
import { withoutOutliers } from "./held-out.js";
import type { JointSolution } from "./joint-solve.js";
import type { PairInput } from "./pair-input.js";
import type { SolvedPair, SolvedView } from "./solved-pair.js";

export function solvedPair(input: PairInput, solution: JointSolution, exactBoards: boolean): SolvedPair {
  const { stops, imageSizePx, farDistanceMm } = input;
  const views = input.views.flatMap((view, index): SolvedView[] => {
    const pose = solution.T_rig_board[index];
    const residuals = solution.sightings.get(index);
    if (!pose || !residuals) return [];
    return [
      {
        name: view.name,
        stop: view.stop,
        role: view.role,
        board: input.boards.findIndex(({ id }) => id === view.boardId),
        near: view.near && withoutOutliers(view.near, residuals.near?.outliers),
        far: view.far && withoutOutliers(view.far, residuals.far?.outliers),
        T_rig_board: pose,
      },
    ];
  });
  return {
    state: solution.state,
    covariance: solution.covariance,
    noiseSigmaPx: solution.noiseSigmaPx,
    stops,
    cornersMm: solution.boards.map(({ cornersMm }) => cornersMm),
    views,
    imageSizePx,
    farDistanceMm,
    exactBoards,
  };
}
