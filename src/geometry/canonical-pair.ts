/** The canonical pair (calibration/README.md): two pinholes without lenses that differ in perspective alone. */
import type { Pixel } from "./brown-camera.js";
import type { Matrix3 } from "./rigid.js";
import { cross, dot, perpendicular, subtract, unit, type Vector3 } from "./vector.js";

export interface CanonicalView {
  readonly pupilMm: Vector3;
  /** Depth of the aim from the pupil along the canonical axis. */
  readonly aimDepthMm: number;
  /** `pxPerMm` × `aimDepthMm`. */
  readonly focalPx: number;
}

export interface CanonicalPair {
  /** Width and height of both images. */
  readonly sizePx: number;
  /** In the plane through the aim, across the axis; the same in both images. */
  readonly pxPerMm: number;
  /** Rows: the canonical x, y and z in the rig frame. */
  readonly axes: Matrix3;
  readonly aimMm: Vector3;
  /** Epipole and principal point of both images. */
  readonly epipolePx: Pixel;
  readonly near: CanonicalView;
  readonly far: CanonicalView;
}

export interface CanonicalOptions {
  readonly nearPupilMm: Vector3;
  readonly farPupilMm: Vector3;
  /** The point that both images show in their middle. */
  readonly aimMm: Vector3;
  /** The far camera's x axis in the rig frame; it fixes roll. */
  readonly farXAxis: Vector3;
  /** 1024 unless given. */
  readonly sizePx?: number;
  /** Side of the image in the eye plane; 300 unless given. */
  readonly sideMm?: number;
}

export function canonicalPair(options: CanonicalOptions): CanonicalPair {
  const { nearPupilMm, farPupilMm, aimMm, farXAxis, sizePx = 1024, sideMm = 300 } = options;
  const z = unit(subtract(nearPupilMm, farPupilMm));
  const x = unit(perpendicular(farXAxis, z));
  const y = cross(z, x);
  const pxPerMm = sizePx / sideMm;
  const middle = (sizePx - 1) / 2;
  const toAim = subtract(aimMm, nearPupilMm);
  const view = (pupilMm: Vector3): CanonicalView => {
    const aimDepthMm = dot(z, subtract(aimMm, pupilMm));
    return { pupilMm, aimDepthMm, focalPx: pxPerMm * aimDepthMm };
  };
  return {
    sizePx,
    pxPerMm,
    axes: [x, y, z],
    aimMm,
    epipolePx: [middle - pxPerMm * dot(x, toAim), middle - pxPerMm * dot(y, toAim)],
    near: view(nearPupilMm),
    far: view(farPupilMm),
  };
}

/** Canonical pixel of a point in the rig frame; null behind the pupil. */
export function canonicalPixelOf(pair: CanonicalPair, arm: "near" | "far", pointMm: Vector3): Pixel | null {
  return canonicalPixelOfRay(pair, arm, subtract(pointMm, pair[arm].pupilMm));
}

/** Canonical pixel that looks along a direction of the rig frame; null for directions backwards. */
export function canonicalPixelOfRay(
  { axes: [x, y, z], epipolePx, ...views }: CanonicalPair,
  arm: "near" | "far",
  direction: Vector3,
): Pixel | null {
  const depth = dot(z, direction);
  if (!(depth > 0)) return null;
  const focal = views[arm].focalPx;
  return [
    epipolePx[0] + (focal * dot(x, direction)) / depth,
    epipolePx[1] + (focal * dot(y, direction)) / depth,
  ];
}

/**
 * Exact flow near → far of a point: (dx, dy) px; zero in the plane of the aim, radial about the epipole.
 * @returns null for a point behind a pupil.
 */
export function flowOf(pair: CanonicalPair, pointMm: Vector3): Pixel | null {
  const near = canonicalPixelOf(pair, "near", pointMm);
  const far = canonicalPixelOf(pair, "far", pointMm);
  return near && far && [far[0] - near[0], far[1] - near[1]];
}
