/** The correspondences of a rig fit as they are stored beside a record. */
import { type FaceZone, faceZones } from "../../schema/alignment.js";
import type { FittedNode } from "./robust-fit.js";

/** x, y of the near image, px; tangential residual and its sigma, px; 1 used, 0 outlier; zone (index, -1 none). */
export type TangentialRow = readonly [number, number, number, number, number, number];

export function tangentialRow(
  { seen, tangential, weight }: FittedNode,
  zone: FaceZone | null,
): TangentialRow {
  const { residualPx, sigmaPx } = tangential;
  const [x, y] = seen.nearPx;
  return [x, y, residualPx, sigmaPx, weight > 0 ? 1 : 0, zone === null ? -1 : faceZones.indexOf(zone)];
}
