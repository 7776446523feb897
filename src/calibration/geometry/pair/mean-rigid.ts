/** A rigid motion in the middle of several, some of which may be wrong. */
import {
  conjugate,
  identity,
  multiplyQuaternions,
  type Quaternion,
  quaternionOfVector,
  type Rigid,
  vectorOfQuaternion,
} from "../../../geometry/rigid.js";
import { add, norm, scale, type Vector3 } from "../../../geometry/vector.js";
import { median } from "../../../stats/median.js";

/** Geometric median of the rotations, medians of the translation's coordinates. The identity of none. */
export function meanRigid(motions: readonly Rigid[]): Rigid {
  if (motions.length === 0) return identity;
  return {
    rotation: medianRotation(motions.map(({ rotation }) => rotation)),
    translationMm: medianVector(motions.map(({ translationMm }) => translationMm)),
  };
}

/** Angle between two rotations, rad. */
export function angleBetween(a: Quaternion, b: Quaternion): number {
  return norm(vectorOfQuaternion(multiplyQuaternions(conjugate(a), b)));
}

/** Weiszfeld's iteration on rotation vectors about the present estimate. */
function medianRotation(rotations: readonly Quaternion[]): Quaternion {
  let middle = startOf(rotations);
  for (let round = 0; round < 20; round++) {
    let [sum, weights]: [Vector3, number] = [[0, 0, 0], 0];
    for (const rotation of rotations) {
      const away = vectorOfQuaternion(multiplyQuaternions(conjugate(middle), rotation));
      const weight = 1 / Math.max(1e-6, norm(away));
      sum = add(sum, scale(away, weight));
      weights += weight;
    }
    middle = multiplyQuaternions(middle, quaternionOfVector(scale(sum, 1 / weights)));
  }
  return middle;
}

/** The one that has the others closest about it. */
function startOf(rotations: readonly Quaternion[]): Quaternion {
  const total = (from: Quaternion): number =>
    rotations.reduce((sum, other) => sum + angleBetween(from, other), 0);
  return rotations.reduce((best, each) => (total(each) < total(best) ? each : best));
}

function medianVector(vectors: readonly Vector3[]): Vector3 {
  const middle = (k: 0 | 1 | 2): number => median(vectors.map((vector) => vector[k])) ?? 0;
  return [middle(0), middle(1), middle(2)];
}
