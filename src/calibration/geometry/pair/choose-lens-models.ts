/** Lens terms by evidence: a term stays out unless views that it was not fitted to are better explained with it. */
import type { Solver } from "../../../native/solver.js";
import { type HeldOutView, heldOutViews, solveHalves } from "./held-out.js";
import type { JointProblem, JointSolution } from "./joint-solve.js";
import { type LensModel, lensModels } from "./lens-terms.js";

/** A gain has to be this many standard errors above nothing. */
const standardErrors = 2;

/** @returns the models of far and of each stop; those of the near lens are alike. */
export async function chooseLensModels(
  solver: Solver,
  problem: Omit<JointProblem, "views" | "covariance" | "models">,
  outliers: JointSolution["sightings"],
  signal: AbortSignal | undefined,
): Promise<LensModel[]> {
  const cameras = 1 + problem.state.near.length;
  const tried: { readonly model: LensModel; readonly views: readonly HeldOutView[] }[] = [];
  for (const model of lensModels) {
    const models = Array.from({ length: cameras }, () => model);
    const halves = await solveHalves(solver, { ...problem, models }, signal);
    tried.push({ model, views: heldOutViews(problem.input, halves, outliers) });
  }
  const chosen = (isOfLens: (view: HeldOutView) => boolean): LensModel => {
    const candidates = tried.map(({ model, views }) => ({ model, views: views.filter(isOfLens) }));
    return candidates.reduce((best, next) => (isBetter(next.views, best.views) ? next : best)).model;
  };
  const far = chosen(({ camera }) => camera === 0);
  // One lens at several stops: together they show terms that each of them would leave in doubt.
  const near = chosen(({ camera }) => camera > 0);
  return Array.from({ length: cameras }, (_, camera) => (camera === 0 ? far : near));
}

/** Whether the mean squares of views fell by more than their scatter explains. */
function isBetter(next: readonly HeldOutView[], best: readonly HeldOutView[]): boolean {
  const before = new Map(best.map((view) => [view.view, meanSquare(view)]));
  const gains = next.flatMap((view) => {
    const was = before.get(view.view);
    return was === undefined ? [] : [was - meanSquare(view)];
  });
  if (gains.length < 3) return false;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
  return mean > standardErrors * Math.sqrt(variance / gains.length);
}

function meanSquare({ sumSquaresPx, points }: HeldOutView): number {
  return sumSquaresPx / points;
}
