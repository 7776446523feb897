/** Whether near and far kept their places while the views of a stop were taken. */
import { disagreements } from "./overlay.js";
import type { PairAtStop } from "./pair-geometry.js";
import type { UncertainPair } from "./uncertain-pair.js";

/** A difference of halves within so many of its own standard errors is chance. */
const standardErrors = 4;

/**
 * Canonical px by which near moved against far from the first to the second half of a stop's views, as far as it is
 * more than chance; 0 otherwise. Null with fewer than six views that both arms saw.
 */
export function viewDriftPx(uncertain: UncertainPair, stop: number): number | null {
  const { solved } = uncertain;
  const pair = uncertain.pairsOf()[stop] as PairAtStop;
  const means = solved.views.flatMap((view) => {
    if (view.stop !== stop || !view.near || !view.far) return [];
    const corners = solved.cornersMm[view.board] ?? [];
    const errors = disagreements(pair, view.near, view.far, corners, view.T_rig_board);
    const mean = (axis: 0 | 1): number =>
      errors.reduce((sum, { errorPx }) => sum + errorPx[axis], 0) / errors.length;
    return errors.length > 0 ? [[mean(0), mean(1)] as const] : [];
  });
  const half = Math.floor(means.length / 2);
  if (half < 3) return null;
  const [first, second] = [means.slice(0, half), means.slice(half)];
  const moved = ([0, 1] as const).map((axis) => {
    const [a, b] = [first, second].map((values) => statistics(values.map((value) => value[axis])));
    if (a === undefined || b === undefined) return 0;
    const error = Math.hypot(a.error, b.error);
    const difference = Math.abs(a.mean - b.mean);
    return difference > standardErrors * error ? difference : 0;
  });
  return Math.hypot(...moved);
}

/** Mean and its standard error. */
function statistics(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
