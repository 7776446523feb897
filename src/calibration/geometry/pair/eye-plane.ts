/** Where faces stand: the plane across the far view's middle ray, at the depth of the boards that were held there. */
import { unproject } from "../../../geometry/brown-camera.js";
import { rigidOfPose, rotate, transform } from "../../../geometry/rigid.js";
import { add, cross, dot, perpendicular, scale, unit, type Vector3 } from "../../../geometry/vector.js";
import { choleskyFactor, choleskySolve } from "../../../stats/cholesky.js";
import { boardResiduals, fitBoardPose, type PlacedCamera } from "./board-pose.js";
import type { PairState } from "./pair-state.js";
import { type SolvedPair, type SolvedView, sightsOf } from "./solved-pair.js";

/** Rig frame. */
export interface EyePlane {
  /** The face point: where the far image's middle ray meets the plane. */
  readonly pointMm: Vector3;
  /** Unit length, away from the cameras. */
  readonly normal: Vector3;
}

/** A tape from the lens mount and a guess of where the pupil lies. */
const configDistanceSigmaMm = 5;

/** The eye plane as it follows from the cameras: boards' poses move with them as the corners demand. */
export class EyePlaneModel {
  readonly source: "board" | "config";
  /** Standard deviation of the depth that corner noise alone leaves, the cameras known, mm. */
  readonly depthSigmaMm: number;
  readonly #boards: readonly HeldBoard[];
  readonly #solved: SolvedPair;

  constructor(solved: SolvedPair) {
    const held = solved.views.filter(({ role, near, far }) => role === "eye-plane" && near && far);
    this.#boards = held.flatMap((view) => heldBoard(solved, view) ?? []);
    this.#solved = solved;
    this.source = this.#boards.length > 0 ? "board" : "config";
    const variances = this.#boards.map((board) => this.#depthVariance(board));
    const variance = variances.reduce((sum, each) => sum + each, 0) / variances.length ** 2;
    this.depthSigmaMm = this.source === "board" ? Math.sqrt(variance) : configDistanceSigmaMm;
  }

  /** @param depthOffsetMm added to the depth: the part that the cameras do not decide. */
  at(state: PairState, depthOffsetMm = 0): EyePlane {
    const normal = middleRay(state.far, this.#solved.imageSizePx.far);
    const depths = this.#boards.map((board) => depthOf(board, poseUnder(board, state), normal));
    const depth =
      depths.length > 0
        ? depths.reduce((sum, each) => sum + each, 0) / depths.length
        : this.#solved.farDistanceMm;
    return { pointMm: scale(normal, depth + depthOffsetMm), normal };
  }

  /** Depth of each board on the middle ray, beside its view. */
  depthsMm(state: PairState): { readonly view: SolvedView; readonly depthMm: number }[] {
    const normal = middleRay(state.far, this.#solved.imageSizePx.far);
    return this.#boards.map((board) => ({
      view: board.view,
      depthMm: depthOf(board, poseUnder(board, state), normal),
    }));
  }

  #depthVariance(board: HeldBoard): number {
    const normal = middleRay(this.#solved.state.far, this.#solved.imageSizePx.far);
    const slopes = board.pose.map((value, k) => {
      const step = 1e-6 * Math.max(1, Math.abs(value));
      const moved = (by: number): number =>
        depthOf(
          board,
          board.pose.map((each, i) => (i === k ? each + by : each)),
          normal,
        );
      return (moved(step) - moved(-step)) / (2 * step);
    });
    let variance = 0;
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        variance += (slopes[i] as number) * (board.inverse[6 * i + j] as number) * (slopes[j] as number);
    return variance * this.#solved.noiseSigmaPx ** 2;
  }
}

/** Across the plane: the far camera's x made perpendicular to the normal, and y = normal × x. */
export function planeAxes({ normal }: EyePlane): readonly [Vector3, Vector3] {
  const x = unit(perpendicular([1, 0, 0], normal));
  return [x, cross(normal, x)];
}

/** A point by its place in the plane and its height above it, towards the cameras; mm. */
export function pointAt(plane: EyePlane, [x, y]: readonly [number, number], heightMm: number): Vector3 {
  const [ex, ey] = planeAxes(plane);
  const inPlane = add(add(plane.pointMm, scale(ex, x)), scale(ey, y));
  return add(inPlane, scale(plane.normal, -heightMm));
}

/** A board in the eye plane, with how its pose answers to residuals. */
interface HeldBoard {
  readonly view: SolvedView;
  readonly cornersMm: readonly Vector3[];
  /** Mean plane of the corners in the board's frame: z = offset + slopes · (x, y). */
  readonly meanPlane: readonly [number, number, number];
  readonly pose: readonly number[];
  /** Residuals at the solution. */
  readonly residuals: Float64Array;
  /** (Jᵀ J)⁻¹ Jᵀ, [pose parameter][residual]. */
  readonly gain: Float64Array;
  readonly inverse: Float64Array;
}

function middleRay(far: PlacedCamera, [width, height]: readonly [number, number]): Vector3 {
  const ray = unproject(far.intrinsics, [(width - 1) / 2, (height - 1) / 2]);
  return ray === null ? [0, 0, 1] : unit(ray);
}

function heldBoard(solved: SolvedPair, view: SolvedView): HeldBoard | null {
  const cornersMm = solved.cornersMm[view.board] as readonly Vector3[];
  const pose = fitBoardPose(sightsOf(solved.state, view), cornersMm, view.T_rig_board);
  const meanPlane = meanPlaneOf(cornersMm);
  if (pose === null || meanPlane === null) return null;
  const { values, residuals, jacobian, inverse } = pose.fit;
  const gain = new Float64Array(6 * residuals.length);
  for (let k = 0; k < 6; k++)
    for (let i = 0; i < residuals.length; i++)
      for (let l = 0; l < 6; l++)
        gain[k * residuals.length + i] =
          (gain[k * residuals.length + i] as number) +
          (inverse[6 * k + l] as number) * (jacobian[6 * i + l] as number);
  return { view, cornersMm, meanPlane, pose: values, residuals, gain, inverse };
}

/** The pose that the corners ask for under other cameras, to first order. */
function poseUnder(board: HeldBoard, state: PairState): number[] {
  const residuals = boardResiduals(sightsOf(state, board.view), board.cornersMm, rigidOfPose(board.pose));
  return board.pose.map((value, k) => {
    let moved = value;
    for (let i = 0; i < residuals.length; i++)
      moved -=
        (board.gain[k * residuals.length + i] as number) *
        ((residuals[i] as number) - (board.residuals[i] as number));
    return moved;
  });
}

function depthOf({ meanPlane }: HeldBoard, pose: readonly number[], ray: Vector3): number {
  const T_rig_board = rigidOfPose(pose);
  const [offset, alongX, alongY] = meanPlane;
  const normal = rotate(T_rig_board.rotation, unit([-alongX, -alongY, 1]));
  return dot(normal, transform(T_rig_board, [0, 0, offset])) / dot(normal, ray);
}

function meanPlaneOf(cornersMm: readonly Vector3[]): readonly [number, number, number] | null {
  const normal = new Float64Array(9);
  const right = new Float64Array(3);
  for (const [x, y, z] of cornersMm) {
    const row = [1, x, y] as const;
    for (let i = 0; i < 3; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * z;
      for (let j = 0; j < 3; j++)
        normal[3 * i + j] = (normal[3 * i + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  const factor = choleskyFactor(normal, 3);
  if (factor === null) return null;
  const [offset, alongX, alongY] = choleskySolve(factor, right) as unknown as [number, number, number];
  return [offset, alongX, alongY];
}
