import type { CanonicalPair, CanonicalView } from "../../geometry/canonical-pair.js";
import type { Vector3 } from "../../geometry/vector.js";
import type { CanonicalRecord } from "../../schema/alignment.js";

/** The same numbers as a record holds them. */
export function canonicalRecord({
  sizePx,
  pxPerMm,
  axes: [x, y, z],
  aimMm,
  epipolePx,
  near,
  far,
}: CanonicalPair): CanonicalRecord {
  const triple = ([a, b, c]: Vector3): [number, number, number] => [a, b, c];
  const view = ({ pupilMm, aimDepthMm, focalPx }: CanonicalView): CanonicalRecord["near"] => ({
    pupilMm: triple(pupilMm),
    aimDepthMm,
    focalPx,
  });
  return {
    sizePx,
    pxPerMm,
    axes: [triple(x), triple(y), triple(z)],
    aimMm: triple(aimMm),
    epipolePx: [epipolePx[0], epipolePx[1]],
    near: view(near),
    far: view(far),
  };
}
