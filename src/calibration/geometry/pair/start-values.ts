/** Where a joint solve begins: focal lengths from the nominal distances, poses from homographies. */
import type { Intrinsics } from "../../../geometry/brown-camera.js";
import { compose, identity, invert, type Rigid } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import { median } from "../../../stats/median.js";
import type { SeenBoard } from "../observations/seen-board.js";
import { poseFromOneView } from "./board-pose.js";
import { pxPerMmOf } from "./board-scale.js";
import { meanRigid } from "./mean-rigid.js";
import type { PairInput, PairView } from "./pair-input.js";
import { farOnly, type PairState } from "./pair-state.js";

/** Poses of one view's board as each arm by itself sees it. */
export interface ViewStart {
  readonly T_near_board: Rigid | null;
  readonly T_far_board: Rigid | null;
}

export interface StartValues {
  readonly state: PairState;
  /** Alongside the input's views; null where neither arm gave a pose. */
  readonly T_rig_board: readonly (Rigid | null)[];
  readonly views: readonly ViewStart[];
}

export function startValues(input: PairInput): StartValues {
  const corners = cornerTables(input);
  const far = guessedLens(input.views, "far", input.farDistanceMm, input, corners);
  const near = input.stops.map(({ distanceMm }, stop) => {
    const views = input.views.filter((view) => view.stop === stop);
    return guessedLens(views, "near", distanceMm, input, corners);
  });
  const views = input.views.map((view): ViewStart => {
    const cornersMm = corners.get(view.boardId) as readonly Vector3[];
    const pose = (seen: SeenBoard | null, intrinsics: Intrinsics): Rigid | null =>
      seen && poseFromOneView({ camera: { intrinsics, T_camera_rig: identity }, seen }, cornersMm);
    return {
      T_near_board: pose(view.near, near[view.stop] as Intrinsics),
      T_far_board: pose(view.far, far),
    };
  });
  const placed = near.map((intrinsics, stop) => ({
    intrinsics,
    T_camera_rig: meanRigid(nearFarOf(input.views, views, stop).map(({ T_near_far }) => T_near_far)),
  }));
  const T_rig_board = views.map(({ T_near_board, T_far_board }, i) => {
    if (T_far_board || !T_near_board) return T_far_board;
    const camera = placed[(input.views[i] as PairView).stop];
    return camera ? compose(invert(camera.T_camera_rig), T_near_board) : null;
  });
  return { state: { far: farOnly(far), near: placed }, T_rig_board, views };
}

/** What each view that both arms saw says about the near camera of a stop. */
export function nearFarOf(
  views: readonly PairView[],
  starts: readonly ViewStart[],
  stop: number,
): { readonly name: string; readonly T_near_far: Rigid }[] {
  return views.flatMap((view, i) => {
    const { T_near_board, T_far_board } = starts[i] as ViewStart;
    if (view.stop !== stop || !T_near_board || !T_far_board) return [];
    return [{ name: view.name, T_near_far: compose(T_near_board, invert(T_far_board)) }];
  });
}

function cornerTables({ boards }: Pick<PairInput, "boards">): Map<string, readonly Vector3[]> {
  return new Map(boards.map(({ id, cornersMm }) => [id, cornersMm]));
}

/** A pinhole that images the boards in the size they have when they stand at the nominal distance on average. */
function guessedLens(
  views: readonly PairView[],
  arm: "near" | "far",
  distanceMm: number,
  { imageSizePx }: PairInput,
  corners: ReadonlyMap<string, readonly Vector3[]>,
): Intrinsics {
  const scales = views.flatMap((view) => {
    const seen = view[arm];
    return seen ? (pxPerMmOf(seen, corners.get(view.boardId) as readonly Vector3[]) ?? []) : [];
  });
  const [width, height] = imageSizePx[arm];
  const focal = (median(scales) ?? width / distanceMm) * distanceMm;
  return [focal, focal, (width - 1) / 2, (height - 1) / 2, 0, 0, 0, 0, 0];
}
