/** By how much near and far disagree where both saw the same corners. */
import type { Pixel } from "../../../geometry/brown-camera.js";
import { transform } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import { fitBoardPose, type SeenCorners } from "./board-pose.js";
import { canonicalPxPerMm } from "./canonical-of.js";
import {
  heightOf,
  nearOfFar,
  type PairAtStop,
  placeOf,
  pointOfFarPixel,
  pxPerMmAt,
} from "./pair-geometry.js";
import type { SolvedPair, SolvedView } from "./solved-pair.js";

/** A corner that both arms saw. */
export interface Disagreement {
  /** Across the eye plane from the face point, mm. */
  readonly placeMm: Pixel;
  readonly heightMm: number;
  /** Where near saw it minus where far and the solved geometry say that near sees it, canonical px. */
  readonly errorPx: Pixel;
}

/** Side of the cells that corners are averaged over, so that model error shows and corner noise does not. */
const cellMm = 40;

/** Disagreement at every corner of a view, its pose refitted to both arms. */
export function disagreements(
  pair: PairAtStop,
  near: SeenCorners,
  far: SeenCorners,
  cornersMm: readonly Vector3[],
  start: SolvedView["T_rig_board"],
): Disagreement[] {
  const sights = [
    { camera: pair.near, seen: near },
    { camera: pair.far, seen: far },
  ];
  const pose = fitBoardPose(sights, cornersMm, start);
  if (pose === null) return [];
  const toCanonical = canonicalPxPerMm / pxPerMmAt(pair.near, pair.eyePlane);
  const farPixels = pixelsById(far);
  return [...pixelsById(near)].flatMap(([id, inNear]) => {
    const inFar = farPixels.get(id);
    if (inFar === undefined) return [];
    const heightMm = heightOf(pair.eyePlane, transform(pose.T_rig_board, cornersMm[id] as Vector3));
    const [predicted, point] = [nearOfFar(pair, inFar, heightMm), pointOfFarPixel(pair, inFar, heightMm)];
    if (predicted === null || point === null) return [];
    const errorPx: Pixel = [
      (inNear[0] - predicted[0]) * toCanonical,
      (inNear[1] - predicted[1]) * toCanonical,
    ];
    return [{ placeMm: placeOf(pair.eyePlane, point), heightMm, errorPx }];
  });
}

/** Over the cells of the eye plane that corners fell into, at whatever depth; null when no board was seen by both. */
export function overlayRmsPx(solved: SolvedPair, pair: PairAtStop, stop: number): number | null {
  const cells = new Map<string, { count: number; x: number; y: number }>();
  for (const view of solved.views) {
    if (view.stop !== stop || !view.near || !view.far) continue;
    const corners = solved.cornersMm[view.board] as readonly Vector3[];
    for (const { placeMm, errorPx } of disagreements(pair, view.near, view.far, corners, view.T_rig_board)) {
      const key = `${Math.round(placeMm[0] / cellMm)} ${Math.round(placeMm[1] / cellMm)}`;
      const cell = cells.get(key) ?? { count: 0, x: 0, y: 0 };
      cells.set(key, { count: cell.count + 1, x: cell.x + errorPx[0], y: cell.y + errorPx[1] });
    }
  }
  let [sum, corners] = [0, 0];
  for (const { count, x, y } of cells.values()) {
    sum += (x * x + y * y) / count;
    corners += count;
  }
  return corners > 0 ? Math.sqrt(sum / corners) : null;
}

export function pixelsById({ ids, pointsPx }: SeenCorners): Map<number, Pixel> {
  return new Map(
    Array.from({ length: ids.length }, (_, i) => [
      ids[i] as number,
      [pointsPx[2 * i] as number, pointsPx[2 * i + 1] as number] as const,
    ]),
  );
}
