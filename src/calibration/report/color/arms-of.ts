import type { ColorCalibration } from "../../../schema/calibration-color.js";

export type ArmName = "near" | "far";

/** The arms that the record is about: both of a rig, the one camera of a picture. */
export function armsOf({ rig, arms, light }: ColorCalibration): readonly ArmName[] {
  const isOneCamera = rig === null && arms.far === null && light.far === null;
  return isOneCamera ? ["near"] : ["near", "far"];
}

/** `near camera`, or `camera` where there is only one. */
export function cameraName(record: ColorCalibration, arm: ArmName): string {
  return armsOf(record).length === 1 ? "camera" : `${arm} camera`;
}
