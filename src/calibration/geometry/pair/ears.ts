/** The ears of an average head: where flow is greatest, and so is its error. */
import type { Pixel } from "../../../geometry/brown-camera.js";
import { pointAt } from "./eye-plane.js";
import { nearOfFar, type PairAtStop, pixelOf } from "./pair-geometry.js";

/** mm across the eye plane from the face point, and height towards the cameras. */
export const ears = [
  { place: [78, -20], heightMm: -95 },
  { place: [-78, -20], heightMm: -95 },
] as const;

export function earsInFar({ far, eyePlane }: PairAtStop): (Pixel | null)[] {
  return ears.map(({ place, heightMm }) => pixelOf(far, pointAt(eyePlane, place, heightMm)));
}

/** x and y of each ear in the near image, as its far pixel and height predict it. */
export function earsInNear(pair: PairAtStop, inFar: readonly (Pixel | null)[]): number[] {
  return ears.flatMap(({ heightMm }, ear) => {
    const far = inFar[ear];
    return far ? [...(nearOfFar(pair, far, heightMm) ?? [0, 0])] : [0, 0];
  });
}
