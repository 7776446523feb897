/** Size of the face in the near image over that in the far one, by the distance of its pupils. */
import type { CanonicalFace, CanonicalFaces } from "./aligned-faces.js";

/** Of the ratio: 0.5 % rms over 20 pairs of virtual heads. */
export const pupilRatioSigma = 0.006;

/** Near over far; null without a face in both. */
export function pupilRatio({ near, far }: CanonicalFaces): number | null {
  return near && far && pupilDistancePx(near) / pupilDistancePx(far);
}

function pupilDistancePx({ face }: CanonicalFace): number {
  const [left, right] = face.irisCentres;
  return Math.hypot(right.x - left.x, right.y - left.y);
}
