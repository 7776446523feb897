/** Any calibration record. */
import { z } from "zod";
import { colorCalibration, lightCalibration } from "./calibration-color.js";
import { cameraCalibration, pairCalibration } from "./calibration-geometry.js";
import { syncCalibration } from "./calibration-sync.js";

export const calibrationSchema = z.discriminatedUnion("kind", [
  syncCalibration,
  cameraCalibration,
  pairCalibration,
  colorCalibration,
  lightCalibration,
]);
export type Calibration = z.infer<typeof calibrationSchema>;
