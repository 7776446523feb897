/** Where the generic head stands and how it is turned, so that its mesh lies on the mesh found in an image. */
import type { Pixel } from "../../geometry/brown-camera.js";
import { type Matrix3, quaternionOfVector, rotationMatrix } from "../../geometry/rigid.js";
import { dot, type Vector3 } from "../../geometry/vector.js";
import { leastSquares } from "../../stats/least-squares.js";
import { meanMesh } from "./mean-head.js";

/** How a point in front of the eye plane is seen. */
export interface HeadView {
  /** Pixel of the eye plane's point nearest to the pupil: the epipole of a canonical image. */
  readonly principalPx: Pixel;
  /** In the eye plane. */
  readonly pxPerMm: number;
  /** Pupil to eye plane; infinite for a view without perspective. */
  readonly eyeDistanceMm: number;
}

export interface HeadPose {
  /** Turn as Ry(yaw) · Rx(pitch) · Rz(roll): positive yaw to the left of the image, pitch down, roll clockwise. */
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
  /** Rows; head frame to the axes of the image, z forward. */
  readonly rotation: Matrix3;
  /** mm per mm of the mean head, were the eyes in the eye plane. */
  readonly scale: number;
  /** Image of the point midway between the pupils. */
  readonly eyesPx: Pixel;
  /** Of the fitted points about the generic head's, px: how well it fits. */
  readonly rmsPx: number;
}

/** Pixel of a point of the head frame (x, y, h in mm of the mean head); null behind the pupil. */
export function pixelOfHead(pose: HeadPose, view: HeadView, point: Vector3): Pixel | null {
  const { xMm, yMm, hMm } = placeOfHead(pose, view, point);
  return pixelOfPlace(view, xMm, yMm, hMm);
}

/** A point of the head frame in the axes of the image: x and y from the principal point, h from the eye plane. */
export function placeOfHead(
  { rotation, scale, eyesPx }: Pick<HeadPose, "rotation" | "scale" | "eyesPx">,
  { principalPx, pxPerMm }: HeadView,
  [x, y, h]: Vector3,
): { readonly xMm: number; readonly yMm: number; readonly hMm: number } {
  const p: Vector3 = [x, y, -h];
  return {
    xMm: (eyesPx[0] - principalPx[0]) / pxPerMm + scale * dot(rotation[0], p),
    yMm: (eyesPx[1] - principalPx[1]) / pxPerMm + scale * dot(rotation[1], p),
    hMm: -scale * dot(rotation[2], p),
  };
}

function pixelOfPlace(
  { principalPx, pxPerMm, eyeDistanceMm }: HeadView,
  xMm: number,
  yMm: number,
  hMm: number,
): Pixel | null {
  const nearer = 1 - hMm / eyeDistanceMm;
  if (!(nearer > 0)) return null;
  return [principalPx[0] + (pxPerMm * xMm) / nearer, principalPx[1] + (pxPerMm * yMm) / nearer];
}

/** Parts of the mean head, mm, whose points tell its turn: brow, eyes' surroundings, nose, cheekbones; no mouth, no jaw. */
const stable = { halfWidth: 55, top: -50, bottom: 38 } as const;
const stablePoints: readonly number[] = Array.from({ length: meanMesh.length / 3 }, (_, i) => i).filter(
  (i) => {
    const [x, y] = [meanMesh[3 * i] as number, meanMesh[3 * i + 1] as number];
    return Math.abs(x) < stable.halfWidth && y > stable.top && y < stable.bottom;
  },
);

/** Departures from the generic head beyond this, in mm, count less and less. */
const usualDepartureMm = 2;

/**
 * Fits turn, size and place of the generic head (six numbers) to the points found, by least squares of the distances
 * in the image with Cauchy's loss, through the view's own perspective: the same head seen from near and from
 * afar has one turn.
 * @param points468 [468][x, y, z] px; z is not used.
 * @returns null when the points do not determine it.
 */
export function fitHeadPose(points468: ArrayLike<number>, view: HeadView): HeadPose | null {
  const start = startOf(points468);
  const unpack = ([a, b, c, scale, x, y]: readonly number[]) => ({
    rotation: rotationMatrix(quaternionOfVector([a as number, b as number, c as number])),
    scale: (scale as number) / view.pxPerMm,
    eyesPx: [x as number, y as number] as const,
  });
  const residualsOf = (values: readonly number[]): Float64Array => {
    const pose = unpack(values);
    const residuals = new Float64Array(2 * stablePoints.length);
    for (const [k, i] of stablePoints.entries()) {
      const { xMm, yMm, hMm } = placeOfHead(pose, view, meanPoint(i));
      const px = pixelOfPlace(view, xMm, yMm, hMm);
      residuals[2 * k] = px === null ? Number.NaN : px[0] - (points468[3 * i] as number);
      residuals[2 * k + 1] = px === null ? Number.NaN : px[1] - (points468[3 * i + 1] as number);
    }
    return residuals;
  };
  const pxOfMm = start[3] as number;
  const fit = leastSquares(residualsOf, start, {
    steps: [1e-4, 1e-4, 1e-4, 1e-4 * pxOfMm, 1e-3 * pxOfMm, 1e-3 * pxOfMm],
    lossScale: usualDepartureMm * pxOfMm,
  });
  if (fit === null) return null;
  const pose = unpack(fit.values);
  const rmsPx = Math.sqrt(fit.residuals.reduce((sum, r) => sum + r * r, 0) / fit.residuals.length);
  return { ...pose, ...anglesOf(pose.rotation), rmsPx };
}

/** Point of the mean mesh, head frame. */
export function meanPoint(index: number): Vector3 {
  return [
    meanMesh[3 * index] as number,
    meanMesh[3 * index + 1] as number,
    meanMesh[3 * index + 2] as number,
  ];
}

/** Outer corners of the eyes, left and right of the image, in the mesh. */
const outerCorners = [33, 263] as const;

/** An unturned head, rolled and sized as the line between the eyes' outer corners. */
function startOf(points468: ArrayLike<number>): number[] {
  const [left, right] = outerCorners;
  const at = (i: number, axis: 0 | 1): number => points468[3 * i + axis] as number;
  const [dx, dy] = [at(right, 0) - at(left, 0), at(right, 1) - at(left, 1)];
  const [meanLeft, meanRight] = [meanPoint(left), meanPoint(right)];
  const pxPerHeadMm = Math.hypot(dx, dy) / (meanRight[0] - meanLeft[0]);
  return [
    0,
    0,
    Math.atan2(dy, dx),
    pxPerHeadMm,
    (at(left, 0) + at(right, 0)) / 2,
    (at(left, 1) + at(right, 1)) / 2,
  ];
}

/** Of R = Ry(yaw) · Rx(pitch) · Rz(roll). */
function anglesOf([row0, row1, row2]: Matrix3): Pick<HeadPose, "yawDeg" | "pitchDeg" | "rollDeg"> {
  const degrees = 180 / Math.PI;
  return {
    yawDeg: degrees * Math.atan2(row0[2], row2[2]),
    pitchDeg: degrees * Math.asin(Math.min(1, Math.max(-1, -row1[2]))),
    rollDeg: degrees * Math.atan2(row1[0], row1[1]),
  };
}
