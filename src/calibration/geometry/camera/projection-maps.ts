/** What a solved camera's projections are worth, over the image. */
import type { Solver } from "../../../native/solver.js";
import type { GridMap } from "../../../schema/calibration-geometry.js";
import { modelDifference } from "./cross-validation.js";
import type { HalfSolutions } from "./held-out.js";
import { type ImageGrid, mapOf, medianOf } from "./image-grid.js";
import type { CameraSolution } from "./solve-camera.js";

/**
 * One-sigma uncertainty of projections at a distance.
 * @param solution of the kept corners alone.
 */
export async function uncertaintyMap(
  solver: Solver,
  { problem }: Pick<CameraSolution, "problem">,
  grid: ImageGrid,
  distanceMm: number,
): Promise<GridMap> {
  const request = { camera: 0, distanceMm, pixels: grid.pixels };
  const values = await solver.projectionUncertainty(problem, request);
  return mapOf(grid, values, `Projection uncertainty (1 sigma) at ${distanceMm.toFixed(0)} mm`);
}

export interface CrossValidation {
  readonly map: GridMap;
  /** Median difference of the halves over the median that their own uncertainties predict; about 1 is good. */
  readonly ratio: number;
}

/** How far the models of the odd and of the even images differ, beside how far they may. */
export async function crossValidate(
  solver: Solver,
  { odd, even }: HalfSolutions,
  grid: ImageGrid,
  distanceMm: number,
  signal: AbortSignal | undefined,
): Promise<CrossValidation> {
  const models = [odd.intrinsics, even.intrinsics] as const;
  const [first, second] = await Promise.all(
    [odd, even].map((half) => uncertaintyMap(solver, half, grid, distanceMm)),
  );
  const predicted = Float64Array.from({ length: grid.pixels.length / 2 }, (_, i) =>
    Math.hypot(first?.values[i] ?? Number.NaN, second?.values[i] ?? Number.NaN),
  );
  const differences = await modelDifference(solver, models, grid, distanceMm, signal, predicted);
  const title = `Models of the odd and the even images at ${distanceMm.toFixed(0)} mm`;
  return { map: mapOf(grid, differences, title), ratio: medianOf(differences) / medianOf(predicted) };
}
