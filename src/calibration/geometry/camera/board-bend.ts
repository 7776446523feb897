/** Whether the board was flat. */
import type { Solver } from "../../../native/solver.js";
import { sigmaAt } from "../../../stats/propagated-covariance.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import { type CameraModel, type CameraSolution, solveCamera } from "./solve-camera.js";
import { unlessUndetermined } from "./undetermined.js";

export interface BoardBend {
  /** Out of the plane at the board's middle relative to its ends, across and down, mm. */
  readonly bendMm: readonly [number, number];
  readonly sigmaMm: readonly [number, number];
  /** The greater of both for 200 mm of board, mm. */
  readonly per200Mm: number;
  /** Whether that one is beyond three of its standard deviations. */
  readonly certain: boolean;
}

/**
 * The bend that views of a board taken for flat tell, by solving once more with it.
 * @param seen the corners that the solution kept.
 * @returns null when they do not determine it.
 */
export async function boardBend(
  solver: Solver,
  board: KnownBoard,
  seen: readonly SeenBoard[],
  solution: CameraSolution,
  model: CameraModel,
  signal: AbortSignal | undefined,
): Promise<BoardBend | null> {
  const noiseSigmaPx = solution.bundle.noiseSigmaPx;
  const bent: CameraModel = {
    ...model,
    warp: { startMm: [0, 0], free: true },
    reject: false,
    covariance: true,
  };
  const solving = solveCamera(solver, board, seen, solution, bent, { noiseSigmaPx, signal });
  const solved = await unlessUndetermined(solving);
  return solved && bendOf(solved, board);
}

/** Of a solution that solved for the warp; null of others. */
export function bendOf({ warpMm, bundle }: CameraSolution, { board }: KnownBoard): BoardBend | null {
  if (warpMm === null) return null;
  const { parameters, values } = bundle.covariance;
  const sigmaOf = (axis: number): number => {
    const index = parameters.findIndex((parameter) => "board" in parameter && parameter.parameter === axis);
    return index < 0 ? Number.NaN : sigmaAt(values, parameters.length, index);
  };
  const sigmaMm = [sigmaOf(0), sigmaOf(1)] as const;
  const spans = [board.squaresX - 2, board.squaresY - 2].map((squares) => squares * board.squareMm);
  const per200 = spans.map((span, axis) => (200 * Math.abs(warpMm[axis] as number)) / span);
  const greater = (per200[0] as number) >= (per200[1] as number) ? 0 : 1;
  return {
    bendMm: warpMm,
    sigmaMm,
    per200Mm: per200[greater] as number,
    certain: Math.abs(warpMm[greater]) > 3 * sigmaMm[greater],
  };
}
