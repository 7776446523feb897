/** A canonical image and its mask as files. */
import type { Resampled } from "../../native/resample.js";
import type { AlignmentFileName } from "../../schema/alignment.js";
import type { ArmName } from "../../schema/records.js";
import type { AlignedFile } from "../aligned-pair.js";
import { canonicalTiff, npyOf } from "../resample/image-files.js";

/** What a reader of the TIFF alone should know. */
export interface ImageMeaning {
  readonly arm: ArmName;
  readonly kind: "rig-canonical" | "subject-canonical" | "approximate";
  readonly rec2020: boolean;
}

type ImageName = Extract<AlignmentFileName, "near" | "far" | "subjectNear" | "subjectFar">;

/** @param mask bits as `maskBits`. */
export function imageWithMask(
  name: ImageName,
  image: Resampled,
  mask: Uint8Array,
  { arm, kind, rec2020 }: ImageMeaning,
): AlignedFile[] {
  const color = rec2020 ? "linear Rec.2020" : "linear, of the camera";
  const description = JSON.stringify({ format: "nearfar-canonical", version: 1, kind, arm, color });
  return [
    { name, parts: canonicalTiff(image, description) },
    { name: `${name}Mask`, parts: npyOf(mask, [image.heightPx, image.widthPx]) },
  ];
}
