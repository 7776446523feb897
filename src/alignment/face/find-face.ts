/** The face of one canonical image. */
import { centreOf } from "../../faces/box.js";
import type { Face } from "../../faces/face.js";
import type { FaceFinder } from "../../faces/face-finder.js";
import type { Resampled } from "../../native/resample.js";
import { displayImage, gainsToTry } from "./display-image.js";
import { factorFor, reduce } from "./reduced-image.js";
import { scaledFace } from "./scaled-face.js";

export interface FindFaceOptions {
  /** Whether the image is linear Rec.2020 (color calibrated), not the camera's own color. */
  readonly rec2020: boolean;
  readonly signal?: AbortSignal;
}

/** A canonical image is made for one face: 300 mm of which it takes 120 and more. */
const minFaceShare = 0.125;
/** The networks look at 256 px and less: an image of this side shows them all they can see. */
const searchedSidePx = 512;

/**
 * The face nearest to the middle of a canonical image, in its px; null when there is none.
 * @throws what {@link FaceFinder.find} throws.
 */
export async function findFace(
  finder: FaceFinder,
  image: Resampled,
  { rec2020, signal }: FindFaceOptions,
): Promise<Face | null> {
  const factor = factorFor(image, searchedSidePx);
  const reduced = reduce(image, factor);
  for (const gain of gainsToTry(reduced)) {
    const shown = displayImage(reduced, gain, rec2020);
    const faces = await finder.find(shown, { minFaceShare, ...(signal === undefined ? {} : { signal }) });
    const face = nearestToMiddle(faces, shown);
    if (face !== null) return scaledFace(face, factor);
  }
  return null;
}

function nearestToMiddle(
  faces: readonly Face[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Face | null {
  const distance = ({ box }: Face): number => {
    const { x, y } = centreOf(box);
    return Math.hypot(x - (widthPx - 1) / 2, y - (heightPx - 1) / 2);
  };
  return [...faces].sort((a, b) => distance(a) - distance(b))[0] ?? null;
}
