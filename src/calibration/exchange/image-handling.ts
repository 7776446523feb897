/** Which pixels a camera in a file is of. */
import { z } from "zod";
import type { Calibration } from "../../schema/calibration.js";
import { type Mount, mountSchema } from "../../schema/rig-config.js";

const arm = z.object({ mount: mountSchema });
const mounts = z.object({ near: arm, far: arm });

/**
 * What is done to images, as they come from a camera, before pixels are those of its model.
 * @param only one arm of a pair; null: both.
 * @returns words for a comment.
 */
export function imageHandling(record: Calibration, only: "near" | "far" | null): string {
  if (record.kind === "camera") {
    const mirrored = record.views.some(({ sighting }) => sighting?.mirroredInFile === true);
    return mirrored ? "of images un-mirrored" : "of images as they were given";
  }
  const config = mounts.safeParse(record.rig?.config);
  if (!config.success) return "of images upright and un-mirrored";
  const told = (only === null ? (["near", "far"] as const) : [only]).map(
    (which) => `${which} images ${handled(config.data[which].mount)}`,
  );
  return `${told.join(", ")}, as nearfar decodes them`;
}

function handled({ mirrored, rotationDeg }: Mount): string {
  const turned = rotationDeg === 0 ? "not turned" : `turned ${rotationDeg}° clockwise`;
  return mirrored ? `un-mirrored, then ${turned}` : turned;
}
