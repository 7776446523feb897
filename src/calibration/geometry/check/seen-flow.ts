/** Flow from near to far as corners show it, beside what the calibration predicts for them. */
import { type Pixel, unproject } from "../../../geometry/brown-camera.js";
import { type CanonicalPair, canonicalPixelOfRay, flowOf } from "../../../geometry/canonical-pair.js";
import { conjugate, type Rigid, rotate, transform } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { Measured } from "../../../schema/calibration-geometry.js";
import { fitBoardPose, type PlacedCamera, poseFromOneView, type SeenCorners } from "../pair/board-pose.js";
import { canonicalPxPerMm } from "../pair/canonical-of.js";
import { pixelsById } from "../pair/overlay.js";
import { heightOf, pxPerMmAt } from "../pair/pair-geometry.js";
import type { CalibratedStop } from "./calibrated-stop.js";

/** Of a calibration whose stop had no boards that both arms saw. */
const usualOverlayPx = 0.05;

export interface FlowError {
  readonly id: number;
  /** Towards the cameras from the eye plane, mm. */
  readonly heightMm: number;
  /** Where near sees it, canonical px. */
  readonly nearPx: Pixel;
  /** Seen minus predicted flow, canonical px. */
  readonly errorPx: Pixel;
}

export interface FlowSummary {
  readonly points: number;
  readonly meanPx: Pixel;
  /** Of the lengths, corner noise included. */
  readonly rmsPx: number;
}

/**
 * Of all corners that both arms saw; the board's pose is fitted to both.
 * @returns none when the corners do not give a pose.
 */
export function flowErrors(
  { pair, canonical }: CalibratedStop,
  near: SeenCorners,
  far: SeenCorners,
  cornersMm: readonly Vector3[],
): FlowError[] {
  const start = poseFromOneView({ camera: pair.far, seen: far }, cornersMm);
  const sights = [
    { camera: pair.near, seen: near },
    { camera: pair.far, seen: far },
  ];
  const pose = start && fitBoardPose(sights, cornersMm, start);
  if (!pose) return [];
  const inFar = pixelsById(far);
  return [...pixelsById(near)].flatMap(([id, px]): FlowError[] => {
    const point = pointOf(pose.T_rig_board, cornersMm, id);
    const [a, b] = [canonicalPx(canonical, "near", pair.near, px), inFar.get(id)];
    const c = b && canonicalPx(canonical, "far", pair.far, b);
    const predicted = flowOf(canonical, point);
    if (!a || !c || !predicted) return [];
    const errorPx: Pixel = [c[0] - a[0] - predicted[0], c[1] - a[1] - predicted[1]];
    return [{ id, heightMm: heightOf(pair.eyePlane, point), nearPx: a, errorPx }];
  });
}

/** Null of none. */
export function summaryOf(errors: readonly FlowError[]): FlowSummary | null {
  const points = errors.length;
  if (points === 0) return null;
  const mean = (of: (error: FlowError) => number): number =>
    errors.reduce((sum, error) => sum + of(error), 0) / points;
  return {
    points,
    meanPx: [mean(({ errorPx }) => errorPx[0]), mean(({ errorPx }) => errorPx[1])],
    rmsPx: Math.sqrt(mean(({ errorPx: [x, y] }) => x * x + y * y)),
  };
}

/** Picture px by which near moved against far since the calibration: the mean flow error with its sign turned. */
export function shiftOf(
  stop: CalibratedStop,
  { meanPx, points }: FlowSummary,
): { readonly x: Measured; readonly y: Measured } {
  const { near, far } = stop.pair;
  const noise = Math.hypot(
    stop.noiseSigmaPx.near / pxPerMmAt(near, stop.pair.eyePlane),
    stop.noiseSigmaPx.far / pxPerMmAt(far, stop.pair.eyePlane),
  );
  // What the calibration itself leaves over does not average out.
  const modelPx = (stop.readOuts.overlayRmsPx ?? usualOverlayPx) / Math.SQRT2;
  const sigma = Math.hypot((noise * canonicalPxPerMm) / Math.sqrt(points), modelPx);
  return { x: { value: -meanPx[0], sigma }, y: { value: -meanPx[1], sigma } };
}

function pointOf(T_rig_board: Rigid, cornersMm: readonly Vector3[], id: number): Vector3 {
  return transform(T_rig_board, cornersMm[id] as Vector3);
}

function canonicalPx(
  canonical: CanonicalPair,
  arm: "near" | "far",
  { intrinsics, T_camera_rig }: PlacedCamera,
  px: Pixel,
): Pixel | null {
  const ray = unproject(intrinsics, px);
  return ray && canonicalPixelOfRay(canonical, arm, rotate(conjugate(T_camera_rig.rotation), ray));
}
