import { CallerError } from "../../base/errors.js";
import { armMatrix, dngColor } from "../../calibration/color/export-matrix.js";
import { iccProfile } from "../../calibration/color/icc-profile.js";
import type { Calibration } from "../../schema/calibration.js";

/** @throws CallerError USAGE for a calibration without the color of that arm. */
export function exportedColor(
  record: Calibration,
  format: "icc" | "dng",
  arm: "near" | "far",
): string | Uint8Array {
  const { calibrationId, createdAt, rig } = record;
  if (record.kind !== "color") {
    throw new CallerError("USAGE", `${calibrationId} is a ${record.kind} calibration, without color`, {
      advice: "Name a color calibration; `nearfar calibrate list --kind color` lists them.",
    });
  }
  const matrix = armMatrix(record, arm);
  if (format === "dng") return `${JSON.stringify(dngColor(matrix), null, 2)}\n`;
  const camera = rig === null ? "camera" : `${rig[arm].vendor} ${rig[arm].model} ${rig[arm].serial}`;
  const description = `${camera}, nearfar calibration ${calibrationId}`;
  return iccProfile(matrix, { description, createdAt: new Date(createdAt) });
}
