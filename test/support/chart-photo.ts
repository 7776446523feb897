/** The shared photo of a ColorChecker (1152 × 768 px), changed, and where the chart must then be found. */
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { expect } from "vitest";
import { armColor } from "../../src/calibration/color/arm-color.js";
import { linearPicture } from "../../src/calibration/color/linear-picture.js";
import { fileClip } from "../../src/calibration/color/sample-patches.js";
import { sightChart } from "../../src/calibration/color/sight-chart.js";
import { readPicture } from "../../src/imaging/picture-file.js";
import { createVision } from "../../src/native/vision.js";
import { withFolder } from "./cli.js";
import { sharedData } from "./shared-data.js";

export type Corner = readonly [number, number];

export const chartPhoto = sharedData("colorchecker/Image_1.JPG");
/** For the title of what is skipped. */
export const chartPhotoNeeded =
  chartPhoto === null ? " (skipped: there is no data/colorchecker, set NEARFAR_SHARED_DATA)" : "";

/** By eye, at the outer corners of the corner patches. */
export const seenCorners: readonly Corner[] = [
  [207.5, 153],
  [902.7, 151.5],
  [903.5, 602.5],
  [210, 603.5],
];

/** Name, what is done to the photo, where a place of it then lies, and whether a mirror is seen. */
export type PhotoChange = readonly [string, (image: Sharp) => Sharp, (corner: Corner) => Corner, boolean];

/** The chart of the changed photo is found at its place, and its colors give the same map. */
export function expectFound([, change, place, mirrored]: PhotoChange): Promise<void> {
  return withFolder(async (folder) => {
    const changed = join(folder, "chart.png");
    await change(sharp(chartPhoto as string))
      .png()
      .toFile(changed);
    const vision = createVision();
    try {
      const image = linearPicture(await readPicture(changed), { kind: "srgb" });
      const { sighting } = await sightChart(vision, image, fileClip);
      expect(sighting.mirrored).toBe(mirrored);
      const scale = Math.max(1, Math.max(image.widthPx, image.heightPx) / 1152);
      for (const [i, corner] of seenCorners.entries()) {
        const [x, y] = place(corner);
        const [u, v] = sighting.cornersPx[i] as Corner;
        expect(Math.hypot(u - x, v - y), `corner ${i}`).toBeLessThan(2 * scale);
      }
      const [best] = armColor(sighting, "after-2014").toXyz;
      expect(Math.abs((best?.deltaE00.leaveOneOut?.mean as number) - 4.52)).toBeLessThan(0.15);
    } finally {
      await vision.close();
    }
  });
}
