/** Measured depth joined with a generic head's, where a face tells how that stands. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { Aligner, AlignerOptions } from "../../native/aligner.js";
import type { FusedView } from "../../native/radial-match.js";
import type { ArmName } from "../../schema/records.js";
import type { CanonicalFaces } from "../face/aligned-faces.js";
import type { EyeDepth } from "../face/eye-depth.js";
import { headPrior } from "../face/head-prior.js";
import type { FusedPair } from "./fused-visibility.js";
import { type MatchedPair, matchGeometryOf } from "./match-pair.js";

export async function fuseWithHead(
  aligner: Pick<Aligner, "fuse">,
  pair: CanonicalPair,
  { match, rigErrors }: MatchedPair,
  faces: CanonicalFaces,
  eyes: EyeDepth,
  options: AlignerOptions,
): Promise<FusedPair | null> {
  const fuse = async (arm: ArmName): Promise<FusedView | null> => {
    const { depthMm, depthSigmaMm } = match[arm];
    const prior = headPrior({ pair, arm, faces, eyes, measured: match[arm] });
    if (prior === null) return null;
    return aligner.fuse({ ...matchGeometryOf(pair), arm, rigErrors, depthMm, depthSigmaMm, prior }, options);
  };
  const [near, far] = await Promise.all([fuse("near"), fuse("far")]);
  return near && far && { near, far };
}
