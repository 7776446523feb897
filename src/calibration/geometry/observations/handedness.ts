/**
 * Boards without markers look the same in a mirror and calibrate to the same residuals; a rig whose near arm is mirrored
 * never or twice would go unnoticed. Markers tell it on every single image.
 */
import { CallerError } from "../../../base/errors.js";
import { listed } from "./listed.js";
import type { ImageSighting } from "./seen-board.js";

/** How images must lie: as the scene is seen, flipped as by one mirror, or either, but all of them alike. */
export type ExpectedHandedness = "as-seen" | "mirrored" | "any";

/**
 * @param subject what the images are of, as "the near camera".
 * @returns whether the images were mirrored as they were given; null: no markers were seen.
 * @throws CallerError CALIBRATION_REFUSED when images disagree with one another or with what is expected. Frames of a
 *   rig are un-mirrored by the decoder: they must be as seen.
 */
export function requireHandedness(
  sightings: readonly ImageSighting[],
  { expected, subject }: { readonly expected: ExpectedHandedness; readonly subject: string },
): boolean | null {
  const mirrored = imagesThat(sightings, true);
  const asSeen = imagesThat(sightings, false);
  if (mirrored.length > 0 && asSeen.length > 0) throw disagreement(subject, mirrored, asSeen);
  if (mirrored.length > 0 && expected === "as-seen") throw unexpectedlyMirrored(subject, mirrored);
  if (asSeen.length > 0 && expected === "mirrored") throw notMirrored(subject, asSeen);
  if (mirrored.length === 0 && asSeen.length === 0) return null;
  return mirrored.length > 0;
}

function imagesThat(sightings: readonly ImageSighting[], mirrored: boolean): string[] {
  return sightings
    .filter(({ boards }) => boards.some((board) => board.mirrored === mirrored))
    .map(({ image }) => image);
}

function disagreement(subject: string, mirrored: readonly string[], asSeen: readonly string[]): CallerError {
  const [fewer, are] =
    mirrored.length <= asSeen.length ? [mirrored, "are mirrored"] : [asSeen, "are not mirrored"];
  return new CallerError(
    "CALIBRATION_REFUSED",
    `Images of ${subject} disagree: ${listed(fewer)} ${are}, the other ${Math.max(mirrored.length, asSeen.length)} are the opposite.`,
    { advice: "Give images of one camera that were all handled alike: flip all of them or none." },
  );
}

function unexpectedlyMirrored(subject: string, images: readonly string[]): CallerError {
  return new CallerError(
    "CALIBRATION_REFUSED",
    `Images of ${subject} are mirrored and should not be: ${listed(images)}.`,
    {
      advice:
        "The near arm must be mirrored exactly once: check `mount.mirrored` of the arm in the rig config, and that " +
        "the camera does not flip by itself. For files that are known to be mirrored: `--expect mirrored`.",
    },
  );
}

function notMirrored(subject: string, images: readonly string[]): CallerError {
  return new CallerError(
    "CALIBRATION_REFUSED",
    `Images of ${subject} should be mirrored and are not: ${listed(images)}.`,
    { advice: "They were flipped before already, or are not of the near arm. Else say `--expect as-seen`." },
  );
}
