/** How far two calibrations of one camera differ in what they project. */
import { type Intrinsics, unproject } from "../../../geometry/brown-camera.js";
import { scale } from "../../../geometry/vector.js";
import type { Solver } from "../../../native/solver.js";
import type { KnownBoard } from "../observations/seen-board.js";
import type { ImageGrid } from "./image-grid.js";
import { noneFree, plainModel, solveCamera } from "./solve-camera.js";

/**
 * Distance of both models' pixels, px, for points at a distance along the axis.
 *
 * Two calibrations place their camera differently behind the lens: what one calls a turn the other calls a move of
 * the principal point. So the points that the first one sees at the grid's pixels are moved as a rigid body until
 * the second one sees them as near to those pixels as it can (mrcal's implied transformation at the working
 * distance); what then remains is the difference. Pixels count by what is known there: a corner of the image that no
 * board came near to says nothing about the others.
 * @param sigmaPx expected difference at each pixel of the grid, at least in proportion; NaN where there is none. Null: all alike.
 * @returns one a pixel of the grid; NaN where a model has no ray.
 */
export async function modelDifference(
  solver: Solver,
  [first, second]: readonly [Intrinsics, Intrinsics],
  grid: ImageGrid,
  distanceMm: number,
  signal: AbortSignal | undefined,
  sigmaPx: Float64Array | null = null,
): Promise<Float64Array> {
  const difference = new Float64Array(grid.pixels.length / 2).fill(Number.NaN);
  const sigmaAt = (i: number): number => (sigmaPx === null ? 1 : (sigmaPx[i] as number));
  const rays = Array.from(difference.keys(), (i) => {
    const pixel = [grid.pixels[2 * i] as number, grid.pixels[2 * i + 1] as number] as const;
    return { i, pixel, ray: unproject(first, pixel), other: unproject(second, pixel) };
  });
  const seen = rays.filter(({ i, ray, other }) => ray !== null && other !== null && sigmaAt(i) > 0);
  const board: Pick<KnownBoard, "cornersMm"> = {
    cornersMm: seen.map(({ ray }) => scale(ray ?? [0, 0, 1], distanceMm)),
  };
  const sighting = {
    boardId: "points of the first model",
    ids: Int32Array.from(seen.keys()),
    pointsPx: Float64Array.from(seen.flatMap(({ pixel }) => pixel)),
    sigmaPx: Float64Array.from(seen, ({ i }) => sigmaAt(i)),
    mirrored: null,
  };
  const start = { intrinsics: second, poses: [[0, 0, 0, 0, 0, 0] as const] };
  const model = { ...plainModel, free: noneFree, reject: false, covariance: false, weighted: true };
  const { bundle } = await solveCamera(solver, board, [sighting], start, model, { signal });
  const residuals = bundle.views[0]?.observations[0]?.residualsPx ?? [];
  for (const [k, { i }] of seen.entries()) {
    difference[i] = Math.hypot(residuals[2 * k] as number, residuals[2 * k + 1] as number);
  }
  return difference;
}
