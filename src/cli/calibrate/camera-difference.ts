/** How far two models of one camera differ. */
import { CallerError } from "../../base/errors.js";
import type { PlainCamera } from "../../calibration/exchange/plain-camera.js";
import { modelDifference } from "../../calibration/geometry/camera/cross-validation.js";
import { imageGrid } from "../../calibration/geometry/camera/image-grid.js";
import { createSolver, type Solver } from "../../native/solver.js";
import { median } from "../../stats/median.js";
import type { Services } from "../services.js";
import { interruptible } from "./interruptible.js";

/** Over the image, px. */
export interface CameraDifference {
  readonly distanceMm: number;
  readonly medianPx: number;
  readonly rmsPx: number;
  readonly maxPx: number;
}

type Model = Pick<PlainCamera, "imageSizePx" | "intrinsics">;

/**
 * In what they image at a distance, once each is allowed its own pose.
 * @throws CallerError USAGE for images of different sizes.
 */
export async function cameraDifference(
  solver: Solver,
  [first, second]: readonly [Model, Model],
  distanceMm: number,
  signal: AbortSignal,
): Promise<CameraDifference> {
  if (first.imageSizePx.join() !== second.imageSizePx.join()) {
    const sizes = [first, second].map(({ imageSizePx }) => imageSizePx.join(" × "));
    throw new CallerError("USAGE", `The cameras have images of ${sizes.join(" and ")} px.`, {
      advice: "Only models of the same images can be compared.",
    });
  }
  const models = [first.intrinsics, second.intrinsics] as const;
  const all = await modelDifference(solver, models, imageGrid(first.imageSizePx), distanceMm, signal);
  const differences = [...all].filter(Number.isFinite);
  return {
    distanceMm,
    medianPx: median(differences) ?? Number.NaN,
    rmsPx: Math.sqrt(differences.reduce((sum, px) => sum + px * px, 0) / differences.length),
    maxPx: Math.max(...differences),
  };
}

/** `median 0.012 px, rms 0.020 px, greatest 0.101 px over the image` */
export function differenceText({ medianPx, rmsPx, maxPx }: CameraDifference): string {
  const [middle, rms, worst] = [medianPx, rmsPx, maxPx].map((px) => px.toFixed(3));
  return `median ${middle} px, rms ${rms} px, greatest ${worst} px over the image`;
}

/** Runs a task with a solver of its own, which Ctrl-C ends. */
export function withSolver<T>(
  services: Services,
  task: (solver: Solver, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const solver = createSolver();
  return interruptible(services, (signal) => task(solver, signal)).finally(() => solver.close());
}
