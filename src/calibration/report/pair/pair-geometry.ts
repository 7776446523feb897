/** Where the pupils stand about the line from the far pupil to the face point. */
import { invert } from "../../../geometry/rigid.js";
import { cross, dot, norm, perpendicular, unit, type Vector3 } from "../../../geometry/vector.js";
import type { Measured, PairCalibration } from "../../../schema/calibration-geometry.js";

export interface NearPupil {
  readonly distanceMm: number;
  /** From the far pupil towards the face point. */
  readonly alongMm: number;
  /** Off that line, along the rig's x and y. */
  readonly offMm: readonly [number, number];
  /** Where the line from the face point through this pupil passes the far pupil. */
  readonly missMm: readonly [number, number];
  /** The read-outs of the same, with sigmas; signs are those of the record. */
  readonly lateralOffsetMm: { readonly x: Measured; readonly y: Measured };
}

export interface PairGeometry {
  /** Far pupil to face point. */
  readonly faceMm: number;
  readonly pupils: readonly NearPupil[];
}

/** The far pupil is the origin of the rig frame. */
export function pairGeometry({ eyePlane, stops }: PairCalibration): PairGeometry {
  const faceMm = norm(eyePlane.pointMm);
  const axis = unit(eyePlane.pointMm);
  const x = unit(perpendicular([1, 0, 0], axis));
  const y = cross(axis, x);
  const pupils = stops.map(({ distanceMm, T_camera_rig, readOuts: { lateralOffsetMm } }): NearPupil => {
    const pupil: Vector3 = invert(T_camera_rig).translationMm;
    const alongMm = dot(axis, pupil);
    const offMm = [dot(x, pupil), dot(y, pupil)] as const;
    const reach = faceMm / (faceMm - alongMm);
    return {
      distanceMm,
      alongMm,
      offMm,
      missMm: [offMm[0] * reach, offMm[1] * reach],
      lateralOffsetMm,
    };
  });
  return { faceMm, pupils };
}
