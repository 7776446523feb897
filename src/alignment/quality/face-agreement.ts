/** Whether both arms show the face at the same moment: its turn and its eyes. */
import type { Matrix3 } from "../../geometry/rigid.js";
import { dot } from "../../geometry/vector.js";
import type { CanonicalFace } from "../face/aligned-faces.js";

/**
 * Turn by which the mesh network misreads a head that is seen from near, degrees · mm: times (1/zn - 1/zf), since the
 * fit's own perspective does not undo all of it. Largest over 96 views of four virtual heads, turned by up to 25°:
 * 7.1° at 250 mm, 3.5° at 450 mm, 1.9° at 900 mm.
 */
const misreadDegMm = 2100;

/** Angle of the rotation between the heads of both images beyond what perspective makes of it, degrees, at least 0. */
export function poseDifferenceDeg(near: CanonicalFace, far: CanonicalFace): number {
  const misread = misreadDegMm * Math.abs(1 / near.view.eyeDistanceMm - 1 / far.view.eyeDistanceMm);
  return Math.max(0, angleBetweenDeg(near.pose.rotation, far.pose.rotation) - misread);
}

/** trace(A Bᵀ) = 1 + 2 cos angle. */
function angleBetweenDeg(a: Matrix3, b: Matrix3): number {
  const trace = dot(a[0], b[0]) + dot(a[1], b[1]) + dot(a[2], b[2]);
  return (180 / Math.PI) * Math.acos(Math.min(1, Math.max(-1, (trace - 1) / 2)));
}

/** Opening below which an eye may be shut: open eyes of virtual heads, smiling ones too, have 0.29 to 0.49, shut ones 0.05 to 0.16. */
const maybeShut = 0.2;
/** Difference of the openings that noise and perspective do not make: they make up to 0.07. */
const clearDifference = 0.12;

/** Whether an eye is open in one image and shut in the other. */
export function blinkDiffers(near: CanonicalFace, far: CanonicalFace): boolean {
  return near.record.eyeOpening.some((opening, side) => {
    const other = far.record.eyeOpening[side] as number;
    return Math.min(opening, other) < maybeShut && Math.abs(opening - other) > clearDifference;
  });
}
