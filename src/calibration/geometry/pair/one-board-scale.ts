/**
 * Brings all boards to one scale. A print may be larger than it should be by parts in a thousand, each sheet by
 * another, and images do not tell; but boards in the eye plane stood at one distance, whichever they were.
 */
import type { Rigid } from "../../../geometry/rigid.js";
import { scale, type Vector3 } from "../../../geometry/vector.js";
import { median } from "../../../stats/median.js";
import type { PlacedCamera } from "./board-pose.js";
import type { EyePlaneModel } from "./eye-plane.js";
import type { JointSolution } from "./joint-solve.js";
import type { PairInput, PairView } from "./pair-input.js";

export interface ScaledStart extends Pick<JointSolution, "state" | "T_rig_board"> {
  /** Alongside the boards: what their places were multiplied by; null for boards that never stood in the eye plane. */
  readonly factors: readonly (number | null)[];
}

/** The solution with every board as large as the one that was held in the eye plane most often would have it. */
export function oneBoardScale(
  input: PairInput,
  { state, T_rig_board }: Pick<JointSolution, "state" | "T_rig_board">,
  eyePlane: EyePlaneModel,
): ScaledStart {
  const depths = input.boards.map(() => [] as number[]);
  for (const { view, depthMm } of eyePlane.depthsMm(state)) depths[view.board]?.push(depthMm);
  const most = depths.reduce((best, each) => (each.length > best.length ? each : best), []);
  const wanted = median(most);
  const factors = depths.map((each) => {
    const own = median(each);
    return own === null || wanted === null ? null : wanted / own;
  });
  const factorOf = (boardId: string): number =>
    factors[input.boards.findIndex(({ id }) => id === boardId)] ?? 1;
  return {
    factors,
    T_rig_board: T_rig_board.map(
      (pose, i) => pose && grown(pose, factorOf((input.views[i] as PairView).boardId)),
    ),
    state: {
      far: state.far,
      near: state.near.map((camera, stop): PlacedCamera => {
        const boardIds = input.views.filter((view) => view.stop === stop).map(({ boardId }) => boardId);
        return { ...camera, T_camera_rig: grown(camera.T_camera_rig, factorOf(mostFrequent(boardIds))) };
      }),
    },
  };
}

export function scaledCorners(cornersMm: readonly Vector3[], factor: number): Vector3[] {
  return cornersMm.map((corner) => scale(corner, factor));
}

/** Seen from the far pupil, a world that grows about it looks the same. */
function grown({ rotation, translationMm }: Rigid, factor: number): Rigid {
  return { rotation, translationMm: scale(translationMm, factor) };
}

function mostFrequent(ids: readonly string[]): string {
  const count = (id: string): number => ids.filter((each) => each === id).length;
  return ids.reduce((best, id) => (count(id) > count(best) ? id : best), ids[0] ?? "");
}
