import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type RgbPicture, readPicture } from "../../src/imaging/picture-file.js";

const sharedData =
  process.env.NEARFAR_SHARED_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** NASA's portrait of Eileen Collins, 512 × 512 px, her face about 93 px wide. */
export const photoPath = `${sharedData}/photos/astronaut.png`;
export const hasPhoto = existsSync(photoPath);
/** For the title of what is skipped. */
export const photoNeeded = hasPhoto ? "" : ` (skipped: there is no ${photoPath}, set NEARFAR_SHARED_DATA)`;

export function readPhoto(): Promise<RgbPicture> {
  return readPicture(photoPath);
}
