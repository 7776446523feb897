/** The canonical pair moved to where this subject's eyes are. */
import type { CanonicalPair, CanonicalView } from "../../geometry/canonical-pair.js";
import { scale, subtract } from "../../geometry/vector.js";

/**
 * The aim moves along the canonical axis into the plane of the eyes, which then has `pxPerMm`; the middle of both images
 * shows it. The epipole stays: the line through both pupils does not move.
 * @param eyeDepthMm depth of the eyes towards the cameras from the plane of `canonical`.
 */
export function subjectCanonical(canonical: CanonicalPair, eyeDepthMm: number): CanonicalPair {
  const { pxPerMm, axes, aimMm, near, far } = canonical;
  const moved = (view: CanonicalView): CanonicalView => {
    const aimDepthMm = view.aimDepthMm - eyeDepthMm;
    return { ...view, aimDepthMm, focalPx: pxPerMm * aimDepthMm };
  };
  return {
    ...canonical,
    aimMm: subtract(aimMm, scale(axes[2], eyeDepthMm)),
    near: moved(near),
    far: moved(far),
  };
}
