/** Part of the head at a true place, by the truth's own landmarks: independent of any face finder. */
import { invert, transform } from "../../geometry/rigid.js";
import type { Vector3 } from "../../geometry/vector.js";
import { type FaceZone, faceZones } from "../../schema/alignment.js";
import type { SceneTruth } from "../../schema/scene-truth.js";

// In the head's own frame: origin between the pupils, x right, y down, z away from the cameras; mm.
/** The front reaches this far behind the eyes; the jaw's sides lie deeper. */
const frontDepthMm = 20;
/** Ears stand behind the temples. */
const earDepthMm = 62;
const earHalfWidthMm = 55;
const earFromMm = -35;
/** Of heads without landmarks. */
const usualChinMm = 115;
const usualBrowMm = -22;
/** Above the brows comes a forehead this high, then hair. */
const foreheadMm = 38;

/** Zone of a point in the truth's rig frame at the near instant, as an index into `faceZones`; null without a subject. */
export function headPlaces(truth: SceneTruth): ((pointMm: Vector3) => number) | null {
  if (truth.T_rig_object === null || truth.world.scene !== "subject") return null;
  const T_head_rig = invert(truth.T_rig_object.near);
  const landmarks = truth.pointSets.find(({ name }) => name === "landmarks68")?.points;
  const heightOf = (id: number): number | undefined => {
    const point = landmarks?.find((candidate) => candidate.id === id);
    return point && transform(T_head_rig, point.near.positionMm)[1];
  };
  const chinMm = heightOf(8) ?? usualChinMm;
  const browMm = heightOf(19) ?? usualBrowMm;
  return (pointMm) => {
    const zone = zoneOf(transform(T_head_rig, pointMm), chinMm, browMm - foreheadMm);
    return faceZones.indexOf(zone);
  };
}

function zoneOf([x, y, z]: Vector3, chinMm: number, hairMm: number): FaceZone {
  if (y < hairMm) return "hair";
  // Under the chin the neck begins; further back it begins higher.
  if (y > chinMm + 4 || (y > chinMm - 15 && z > 75)) return "neck";
  if (z < frontDepthMm) return "front";
  if (z > earDepthMm && Math.abs(x) > earHalfWidthMm) return y < earFromMm ? "hair" : "ears";
  return "jaw-side";
}
