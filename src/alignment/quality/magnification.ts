/** Whether landmarks and flow agree on how large the near arm shows the face. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { CanonicalFaces } from "../face/aligned-faces.js";
import type { EyeDepth, WithSigma } from "../face/eye-depth.js";
import { pupilRatio, pupilRatioSigma } from "../face/pupil-ratio.js";

/**
 * (near over far distance of the pupils) over what perspective makes of it at the eyes' matched depth, less 1, %.
 * Landmarks see all of the face at once, the flow matches it part by part: a wrong radial map (epipole, k1, an
 * expression that changed in between) makes them differ. An error of the near image's scale that is the same all
 * over looks like eyes at another depth to both; it shows as `eyePlaneMm`.
 * @returns null unless the depth came from the flow.
 */
export function magnificationError(
  pair: CanonicalPair,
  faces: CanonicalFaces,
  eyes: EyeDepth | null,
): WithSigma | null {
  const ratio = pupilRatio(faces);
  if (ratio === null || eyes === null || eyes.source !== "flow") return null;
  const { value: h, sigma } = eyes.depthMm;
  const [zn, zf] = [pair.near.aimDepthMm, pair.far.aimDepthMm];
  const expected = (1 - h / zf) / (1 - h / zn);
  return {
    value: 100 * (ratio / expected - 1),
    sigma: 100 * Math.hypot(pupilRatioSigma, sigma * (1 / zn - 1 / zf)),
  };
}
