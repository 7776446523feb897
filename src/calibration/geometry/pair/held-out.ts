/**
 * Residuals of views that the cameras were not solved from, their boards' poses refitted. Not wholly held out: the
 * boards' shapes and scales, the outliers and the choice of distortion terms come from all views.
 */
import type { Rigid } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { Solver } from "../../../native/solver.js";
import { fitBoardPose, type SeenCorners } from "./board-pose.js";
import { type JointProblem, type JointSolution, solveJoint } from "./joint-solve.js";
import type { PairInput, PairView } from "./pair-input.js";
import { sightsOf } from "./solved-pair.js";

/** Of one view in one arm. */
export interface HeldOutView {
  readonly view: number;
  /** 0 far, 1 + stop near. */
  readonly camera: number;
  readonly sumSquaresPx: number;
  readonly points: number;
}

/** Every other view of each stop and kind: indices into the views. */
function halvesOf(views: readonly PairView[]): readonly [number[], number[]] {
  const halves: [number[], number[]] = [[], []];
  const seen = new Map<string, number>();
  for (const [index, { stop, role, near, far }] of views.entries()) {
    const kind = `${stop} ${role} ${near !== null} ${far !== null}`;
    const turn = seen.get(kind) ?? 0;
    seen.set(kind, turn + 1);
    (halves[turn % 2] as number[]).push(index);
  }
  return halves;
}

/** Both halves solved apart, with boards as exact as they are given. */
export async function solveHalves(
  solver: Solver,
  problem: Omit<JointProblem, "views" | "covariance">,
  signal: AbortSignal | undefined,
): Promise<readonly [JointSolution, JointSolution]> {
  const [even, odd] = halvesOf(problem.input.views);
  const half = (views: readonly number[]): Promise<JointSolution> =>
    solveJoint(solver, { ...problem, views, covariance: false }, signal);
  return Promise.all([half(even), half(odd)]);
}

/** Residuals of each half's views under the other half's cameras. */
export function heldOutViews(
  input: PairInput,
  solutions: readonly [JointSolution, JointSolution],
  outliers: JointSolution["sightings"],
): HeldOutView[] {
  const [even, odd] = halvesOf(input.views);
  return [
    ...even.flatMap((view) => heldOutView(input, solutions[1], view, solutions[0], outliers)),
    ...odd.flatMap((view) => heldOutView(input, solutions[0], view, solutions[1], outliers)),
  ];
}

/** Per point, over all views of some cameras; null of none. */
export function heldOutRms(views: readonly HeldOutView[], near: boolean): number | null {
  const chosen = views.filter(({ camera }) => camera > 0 === near);
  const points = chosen.reduce((sum, view) => sum + view.points, 0);
  const squares = chosen.reduce((sum, view) => sum + view.sumSquaresPx, 0);
  return points > 0 ? Math.sqrt(squares / points) : null;
}

function heldOutView(
  input: PairInput,
  { state, boards }: JointSolution,
  index: number,
  own: JointSolution,
  outliers: JointSolution["sightings"],
): HeldOutView[] {
  const view = input.views[index] as PairView;
  const start: Rigid | null = own.T_rig_board[index] ?? null;
  const board = boards[input.boards.findIndex(({ id }) => id === view.boardId)];
  if (start === null || board === undefined) return [];
  const residuals = outliers.get(index);
  const near = view.near && withoutOutliers(view.near, residuals?.near?.outliers);
  const far = view.far && withoutOutliers(view.far, residuals?.far?.outliers);
  const cornersMm: readonly Vector3[] = board.cornersMm;
  const pose = fitBoardPose(sightsOf(state, { stop: view.stop, near, far }), cornersMm, start);
  if (pose === null) return [];
  const nearCount = 2 * (near?.ids.length ?? 0);
  const part = (camera: number, from: number, to: number): HeldOutView[] =>
    to > from
      ? [
          {
            view: index,
            camera,
            sumSquaresPx: sumSquares(pose.fit.residuals.subarray(from, to)),
            points: (to - from) / 2,
          },
        ]
      : [];
  return [...part(view.stop + 1, 0, nearCount), ...part(0, nearCount, pose.fit.residuals.length)];
}

export function withoutOutliers(seen: SeenCorners, outliers: ArrayLike<number> | undefined): SeenCorners {
  const kept = Array.from({ length: seen.ids.length }, (_, i) => i).filter((i) => !outliers?.[i]);
  return {
    ids: kept.map((i) => seen.ids[i] as number),
    pointsPx: kept.flatMap((i) => [seen.pointsPx[2 * i] as number, seen.pointsPx[2 * i + 1] as number]),
  };
}

function sumSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
