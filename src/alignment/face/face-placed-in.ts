/** A face that only the other image shows, placed where this one would show it. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { CanonicalFace, CanonicalFaces } from "./aligned-faces.js";
import { headViewOf } from "./aligned-faces.js";
import { fitHeadPose, meanPoint, placeOfHead } from "./head-pose.js";
import type { MeshOnImage } from "./posed-head.js";

/** By the generic head's depth of each point, the eyes in the eye plane; null without a face in the other image. */
export function facePlacedIn(
  pair: CanonicalPair,
  arm: "near" | "far",
  faces: CanonicalFaces,
): MeshOnImage | null {
  const other = faces[arm === "near" ? "far" : "near"];
  if (other === null) return null;
  const view = headViewOf(pair, arm, { widthPx: pair.sizePx, heightPx: pair.sizePx });
  const points468 = pointsSeenBy(other, view.eyeDistanceMm);
  const pose = fitHeadPose(points468, view);
  return pose && { face: { points468 }, pose, view };
}

function pointsSeenBy({ face, pose, view }: CanonicalFace, eyeDistanceMm: number): Float32Array {
  const [epipoleX, epipoleY] = view.principalPx;
  return face.points468.map((value, i) => {
    if (i % 3 === 2) return value;
    const { hMm } = placeOfHead(pose, view, meanPoint(Math.floor(i / 3)));
    const stretch = (1 - hMm / view.eyeDistanceMm) / (1 - hMm / eyeDistanceMm);
    const centre = i % 3 === 0 ? epipoleX : epipoleY;
    return centre + stretch * (value - centre);
  });
}
