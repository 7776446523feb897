/** Is a view of a board worth keeping? Says in a sentence why not. */
import { median } from "../../stats/median.js";
import type { SeenBoard } from "../geometry/observations/seen-board.js";

export interface SeenByBoth {
  readonly near: SeenBoard | null;
  readonly far: SeenBoard | null;
}

/** Share of a board's corners that each arm must see. */
const leastShare = 0.2;
/** Corners that each arm must see, however small the board. */
const leastCorners = 12;
/** Median standard deviation of a corner, px, that a sharp, well lit board stays under. */
const mostSigmaPx = 0.3;
/** Corners of a board held still lie within this of themselves a moment later. */
const mostMovePx = 0.4;

/** @returns null when it is. */
export function complaint(seen: SeenByBoth, cornerCount: number): string | null {
  for (const arm of ["near", "far"] as const) {
    const problem = armComplaint(arm, seen[arm], cornerCount);
    if (problem !== null) return problem;
  }
  return null;
}

/** @returns null when the board stood still between two looks. */
export function movement(before: SeenByBoth, after: SeenByBoth): string | null {
  for (const arm of ["near", "far"] as const) {
    const [a, b] = [before[arm], after[arm]];
    if (a === null || b === null) return "The board went out of view. Hold it still.";
    const distances = sharedDistances(a, b);
    if (distances.length === 0 || (median(distances) ?? 0) > mostMovePx) {
      return "The board moved. Hold it still, or lean it against something.";
    }
  }
  return null;
}

function armComplaint(arm: string, seen: SeenBoard | null, cornerCount: number): string | null {
  if (seen === null)
    return `The ${arm} camera does not see the board. Move it towards the middle of the view.`;
  const needed = Math.max(leastCorners, Math.ceil(leastShare * cornerCount));
  if (seen.ids.length < needed) {
    return `The ${arm} camera sees ${seen.ids.length} of ${cornerCount} corners, ${needed} are needed. Move the board further into the view.`;
  }
  if (seen.sigmaPx !== null && (median(Array.from(seen.sigmaPx)) ?? 0) > mostSigmaPx) {
    return `The board is blurred or too dark for the ${arm} camera. Hold it still, nearer to the eye plane, in the light.`;
  }
  return null;
}

function sharedDistances(a: SeenBoard, b: SeenBoard): number[] {
  const places = new Map(Array.from(b.ids, (id, i) => [id, i] as const));
  return Array.from(a.ids).flatMap((id, i) => {
    const j = places.get(id);
    if (j === undefined) return [];
    const difference = (axis: 0 | 1): number =>
      (a.pointsPx[2 * i + axis] as number) - (b.pointsPx[2 * j + axis] as number);
    return [Math.hypot(difference(0), difference(1))];
  });
}
