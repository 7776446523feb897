/** Correspondence of a pair, the zones of its face, and what both say of the rig. */
import type { Pixel } from "../../geometry/brown-camera.js";
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { Aligner, AlignerOptions } from "../../native/aligner.js";
import { type FaceZone, faceZones } from "../../schema/alignment.js";
import type { CanonicalFaces } from "../face/aligned-faces.js";
import { type EyeDepth, eyeDepth } from "../face/eye-depth.js";
import { type FaceZoneMap, faceZoneMap } from "../face/face-zones.js";
import type { FittedRig } from "../rig-fit/fit-rig.js";
import { fuseWithHead } from "./fuse-with-head.js";
import { type FusedPair, withFusedVisibility } from "./fused-visibility.js";
import { finalFit, type MatchedPair, matchPair } from "./match-pair.js";
import type { ResampledPair } from "./resampled-pair.js";

/** A pair's images and the faces in them. */
export interface SeenPair {
  readonly canonical: CanonicalPair;
  readonly images: ResampledPair;
  readonly faces: CanonicalFaces;
  /** Whether the images are color calibrated. */
  readonly rec2020: boolean;
}

export interface PairFlow {
  readonly matched: MatchedPair;
  readonly zones: { readonly near: FaceZoneMap | null; readonly far: FaceZoneMap | null };
  /** Null when too little could be matched. */
  readonly fit: FittedRig | null;
  /** Null without a face, onto which the generic head is laid. */
  readonly fused: FusedPair | null;
  readonly eyes: EyeDepth | null;
}

export async function pairFlow(
  aligner: Aligner,
  { canonical, images, faces }: SeenPair,
  depthRangeMm: readonly [number, number],
  options: AlignerOptions,
): Promise<PairFlow> {
  const both = { near: images.near.image, far: images.far.image };
  const matched = await matchPair(aligner, both, canonical, depthRangeMm, options);
  const { match } = matched;
  const zones = {
    near: faces.near && faceZoneMap(both.near, faces.near, match.near),
    far: faces.far && faceZoneMap(both.far, faces.far, match.far),
  };
  const fit = finalFit(matched, canonical, zones.near ? { zoneOf: zoneIn(zones.near) } : {});
  const eyes = eyeDepth(canonical, faces, match);
  const fused = eyes && (await fuseWithHead(aligner, canonical, matched, faces, eyes, options));
  const told = fused === null ? match : withFusedVisibility(canonical, match, fused, both);
  return { matched: { ...matched, match: told }, zones, fit, fused, eyes };
}

function zoneIn({ zones, widthPx }: FaceZoneMap): (px: Pixel) => FaceZone | null {
  return ([x, y]) => faceZones[(zones[Math.round(y) * widthPx + Math.round(x)] as number) - 1] ?? null;
}
