/** The numbers that say how good an aligned pair is. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { RadialMatch } from "../../native/radial-match.js";
import type { Resampled } from "../../native/resample.js";
import { type AlignmentQuality, maskBits, type RigFit } from "../../schema/alignment.js";
import type { CanonicalFaces } from "../face/aligned-faces.js";
import type { EyeDepth } from "../face/eye-depth.js";
import { ovalOn, pixelGrid } from "../face/face-oval.js";
import type { FaceZoneMap } from "../face/face-zones.js";
import { flowMeasures } from "./flow-measures.js";
import { magnificationError } from "./magnification.js";
import { sharpnessRatio } from "./sharpness-ratio.js";
import { skinDifference } from "./skin-difference.js";

export interface QualityInput {
  readonly near: Resampled;
  readonly far: Resampled;
  /** Null in an approximate pair. */
  readonly pair: CanonicalPair | null;
  /** Whether the images are linear Rec.2020: only then colors are compared. */
  readonly rec2020: boolean;
  readonly faces: CanonicalFaces;
  /** Of the near image; null without a face in it. */
  readonly zones: FaceZoneMap | null;
  readonly match: RadialMatch | null;
  readonly eyes: EyeDepth | null;
  readonly rigFit: RigFit | null;
  readonly skewUs: number | null;
}

export function qualityOf(input: QualityInput): AlignmentQuality {
  const { near, far, pair, faces, zones, match, eyes, rigFit } = input;
  const ovals = {
    near: faces.near && ovalOn(pixelGrid(near), faces.near.face),
    far: faces.far && ovalOn(pixelGrid(far), faces.far.face),
  };
  const flow = match && zones ? flowMeasures(match, zones) : noFlow;
  return {
    eyePlaneMm: eyes && { ...eyes.depthMm },
    magnificationError: pair && magnificationError(pair, faces, eyes),
    tangentialRmsPx: rigFit?.tangentialRmsPx.after ?? null,
    tangentialChi2: rigFit?.chi2 ?? null,
    skinDeltaE00: input.rec2020 ? skinDifference(near, far, faces, match) : null,
    sharpnessRatio:
      ovals.near && ovals.far && sharpnessRatio(near, far, { near: ovals.near, far: ovals.far }),
    skewUs: input.skewUs,
    coverage: flow.coverage,
    confidence: flow.confidence,
    clippedShare: Math.max(clippedShare(near, ovals.near), clippedShare(far, ovals.far)),
    medianSigmaPx: flow.medianSigmaPx,
    forwardBackwardPx: flow.forwardBackwardPx,
  };
}

const noFlow = { coverage: null, confidence: null, medianSigmaPx: null, forwardBackwardPx: null } as const;

/** Of the face's valid pixels, or of all valid ones without a face. */
function clippedShare({ flags }: Resampled, inFace: Uint8Array | null): number {
  let [valid, clipped] = [0, 0];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] as number;
    if ((inFace !== null && inFace[i] !== 1) || (flag & maskBits.valid) === 0) continue;
    valid += 1;
    if ((flag & maskBits.clipped) !== 0) clipped += 1;
  }
  return valid === 0 ? 0 : clipped / valid;
}
