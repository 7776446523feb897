/** The face in both canonical images of a pair, as the alignment's record tells it. */
import type { Face } from "../../faces/face.js";
import type { FaceFinder } from "../../faces/face-finder.js";
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { Resampled } from "../../native/resample.js";
import type { AlignedFace } from "../../schema/alignment.js";
import { usualParameters } from "../pair-input.js";
import { eyeOpening } from "./eye-opening.js";
import { insideShare } from "./face-oval.js";
import { type FindFaceOptions, findFace } from "./find-face.js";
import { fitHeadPose, type HeadPose, type HeadView } from "./head-pose.js";

/** A face of a canonical image, in its px. */
export interface CanonicalFace {
  readonly face: Face;
  /** The generic head laid onto it. */
  readonly pose: HeadPose;
  readonly view: HeadView;
  /** Share of the face's area that lies in the valid part of the image, 0..1. */
  readonly insideShare: number;
  readonly record: AlignedFace;
}

export interface CanonicalFaces {
  readonly near: CanonicalFace | null;
  readonly far: CanonicalFace | null;
}

export interface AlignedFacesOptions extends FindFaceOptions {
  /** Geometry of the images; null in an approximate pair, whose heads are taken to be seen without perspective. */
  readonly pair: CanonicalPair | null;
}

/**
 * The face nearest to the middle of each image; null where there is none.
 * @throws what {@link FaceFinder.find} throws.
 */
export async function findAlignedFaces(
  finder: FaceFinder,
  near: Resampled,
  far: Resampled,
  { pair, ...options }: AlignedFacesOptions,
): Promise<CanonicalFaces> {
  const [nearFace, farFace] = await Promise.all([
    findFace(finder, near, options),
    findFace(finder, far, options),
  ]);
  return {
    near: nearFace && canonicalFaceOf(nearFace, headViewOf(pair, "near", near), near),
    far: farFace && canonicalFaceOf(farFace, headViewOf(pair, "far", far), far),
  };
}

/** @returns null when the mesh is so degenerate that no head fits it. */
export function canonicalFaceOf(face: Face, view: HeadView, image: Resampled): CanonicalFace | null {
  const pose = fitHeadPose(face.points468, view);
  if (pose === null) return null;
  const { left, top, right, bottom } = face.box;
  const [leftIris, rightIris] = face.irisCentres;
  const record: AlignedFace = {
    score: face.score,
    box: [left, top, right, bottom],
    landmarks68: [...face.landmarks68],
    irisCentres: [
      [leftIris.x, leftIris.y],
      [rightIris.x, rightIris.y],
    ],
    yawDeg: pose.yawDeg,
    pitchDeg: pose.pitchDeg,
    rollDeg: pose.rollDeg,
    eyeOpening: [eyeOpening(face.eyes[0]), eyeOpening(face.eyes[1])],
  };
  return { face, pose, view, insideShare: insideShare(face, image), record };
}

/** @param pair null: the image is taken to show the usual side of the eye plane, without perspective. */
export function headViewOf(
  pair: CanonicalPair | null,
  arm: "near" | "far",
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): HeadView {
  if (pair === null) {
    return {
      principalPx: [(widthPx - 1) / 2, (heightPx - 1) / 2],
      pxPerMm: widthPx / usualParameters.sideMm,
      eyeDistanceMm: Number.POSITIVE_INFINITY,
    };
  }
  return { principalPx: pair.epipolePx, pxPerMm: pair.pxPerMm, eyeDistanceMm: pair[arm].aimDepthMm };
}
