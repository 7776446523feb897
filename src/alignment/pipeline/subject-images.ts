/** Both frames resampled once more, for the plane of this subject's eyes. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { AlignmentRecord } from "../../schema/alignment.js";
import type { AlignedFile } from "../aligned-pair.js";
import type { EyeDepth } from "../face/eye-depth.js";
import { subjectCanonical } from "../resample/subject-canonical.js";
import { canonicalRecord } from "./canonical-record.js";
import { imageWithMask } from "./image-with-mask.js";
import type { ResampledPair } from "./resampled-pair.js";

export interface SubjectImages {
  readonly record: NonNullable<AlignmentRecord["subject"]>;
  readonly files: readonly AlignedFile[];
}

/**
 * Their masks hold valid and clipped only: where the face is, the rig-canonical ones tell.
 * @param resample makes both images of a canonical pair.
 */
export async function subjectImages(
  canonical: CanonicalPair,
  { depthMm, nearDistanceMm, farDistanceMm, source }: EyeDepth,
  rec2020: boolean,
  resample: (canonical: CanonicalPair) => Promise<ResampledPair>,
): Promise<SubjectImages> {
  const moved = subjectCanonical(canonical, depthMm.value);
  const { near, far } = await resample(moved);
  const files = ([near, far] as const).flatMap(({ image }, i) =>
    imageWithMask(i === 0 ? "subjectNear" : "subjectFar", image, image.flags, {
      arm: i === 0 ? "near" : "far",
      kind: "subject-canonical",
      rec2020,
    }),
  );
  return {
    record: {
      canonical: canonicalRecord(moved),
      nearDistanceMm: { ...nearDistanceMm },
      farDistanceMm: { ...farDistanceMm },
      source,
    },
    files,
  };
}
