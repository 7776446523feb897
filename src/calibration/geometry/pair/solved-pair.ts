/** A pair as it was solved: what read-outs, maps and checks start from. */
import type { Rigid } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { CameraSight, SeenCorners } from "./board-pose.js";
import type { PairCovariance, PairState } from "./pair-state.js";

export interface SolvedView {
  readonly name: string;
  readonly stop: number;
  readonly role: "eye-plane" | "pose";
  /** Index into the boards. */
  readonly board: number;
  /** Without outliers. */
  readonly near: SeenCorners | null;
  readonly far: SeenCorners | null;
  readonly T_rig_board: Rigid;
}

export interface SolvedPair {
  readonly state: PairState;
  readonly covariance: PairCovariance;
  /** Of one coordinate of a corner. */
  readonly noiseSigmaPx: number;
  readonly stops: readonly { readonly distanceMm: number }[];
  /** [board][id]: where the corners were found to lie, mm. */
  readonly cornersMm: readonly (readonly Vector3[])[];
  readonly views: readonly SolvedView[];
  readonly imageSizePx: {
    readonly near: readonly [number, number];
    readonly far: readonly [number, number];
  };
  /** Far pupil to eye plane as the rig config has it. */
  readonly farDistanceMm: number;
  /** Whether the boards' corners are where they should be; else prints may be too large or too small. */
  readonly exactBoards: boolean;
}

/** What the cameras of a state see of a view's board. */
export function sightsOf(state: PairState, view: Pick<SolvedView, "stop" | "near" | "far">): CameraSight[] {
  const near = state.near[view.stop];
  const sights: CameraSight[] = [];
  if (view.near && near) sights.push({ camera: near, seen: view.near });
  if (view.far) sights.push({ camera: state.far, seen: view.far });
  return sights;
}
