/** All that was given to a pair calibration, used or not, as its record has it. */
import type { BoardSighting } from "../../../schema/calibration-geometry.js";
import type { SeenBoard } from "../observations/seen-board.js";
import type { PairBody } from "./calibrate-pair.js";
import type { CheckedInput } from "./check-input.js";
import type { ArmResiduals, JointSolution } from "./joint-solve.js";
import type { PairInput } from "./pair-input.js";

/** Stops that were left out, in the order in which the views' numbers go on after the solved ones. */
export function unsolvedStops({ given, input, stopOrder }: CheckedInput): PairBody["unsolvedStops"] {
  return stopOrder.slice(input.stops.length).map((stop) => {
    const { distanceMm } = given.stops[stop] as PairInput["stops"][number];
    return { distanceMm };
  });
}

/** Alongside the given views. */
export function recordedViews(checked: CheckedInput, solution: JointSolution): PairBody["views"] {
  const { given, stopOrder, fates } = checked;
  return given.views.map((view, i) => {
    const { index, unused } = fates[i] as CheckedInput["fates"][number];
    const residuals = index === null ? null : (solution.sightings.get(index) ?? null);
    const pose = index === null || residuals === null ? null : (solution.T_rig_board[index] ?? null);
    return {
      name: view.name,
      board: given.boards.findIndex(({ id }) => id === view.boardId),
      stop: stopOrder.indexOf(view.stop),
      role: view.role,
      near: view.near && sighting(view.near, residuals?.near ?? null),
      far: view.far && sighting(view.far, residuals?.far ?? null),
      T_rig_board: pose && { rotation: [...pose.rotation], translationMm: [...pose.translationMm] },
      unused: unused ?? (pose === null ? "its corners do not tell the board's pose" : null),
    };
  });
}

function sighting(seen: SeenBoard, residuals: ArmResiduals | null): BoardSighting {
  const outliers = residuals?.outliers ?? new Uint8Array();
  return {
    ids: [...seen.ids],
    pointsPx: [...seen.pointsPx],
    sigmaPx: seen.sigmaPx && [...seen.sigmaPx],
    residualsPx: [...(residuals?.residualsPx ?? [])],
    outliers: Array.from(outliers.keys()).filter((i) => outliers[i] === 1),
    mirroredInFile: seen.mirrored,
  };
}
