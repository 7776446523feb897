/** An aligned pair of the virtual rig beside what the rig knows of it. */
import { CallerError } from "../../base/errors.js";
import type { Vector3 } from "../../geometry/vector.js";
import { type FaceZone, faceZones } from "../../schema/alignment.js";
import { type ComparedFiles, geometryOfRecord, readView } from "./aligned-arrays.js";
import {
  type ErrorStatistics,
  errorStatistics,
  type NormalisedErrors,
  normalisedErrors,
  sparsification,
} from "./error-statistics.js";
import { type ExpectedRigFit, expectedRigFit } from "./expected-rig-fit.js";
import { headPlaces } from "./head-places.js";
import { depthOf, type LandingErrors, landingErrors } from "./landing-errors.js";
import { type OcclusionScore, occlusionScore } from "./occlusion-score.js";
import { type Arm, otherArm, TruePlaces } from "./true-places.js";
import { trueSightings } from "./true-sightings.js";
import type { SceneTruthFolder } from "./truth-folder.js";
import { type ViewErrors, viewErrors } from "./view-errors.js";

/** Of the pixels of a zone that both pupils see and both images show. */
export interface ZoneFlow {
  readonly zone: FaceZone;
  readonly pixels: number;
  /** Share of them with measured flow: what is kept. The rest is about those. */
  readonly keptShare: number;
  /** End-point error, px. */
  readonly endPointPx: ErrorStatistics;
  /** Radial error over claimed sigma. */
  readonly normalised: NormalisedErrors;
  /** Measured less true depth towards the cameras, mm. */
  readonly depthMm: ErrorStatistics;
  /** Mean end-point error, px, of the tenth with the smallest sigma, of two tenths, … of all. */
  readonly sparsification: readonly number[];
}

export interface TruthComparison {
  /** Of surface points all over the subject. */
  readonly canonical: Omit<LandingErrors, "T_rig_truth">;
  /** Zones by the truth's own landmarks, all `front` without a subject; those without pixels are absent. */
  readonly nearToFar: readonly ZoneFlow[];
  readonly farToNear: readonly ZoneFlow[];
  /** Of hidden pixels of both images together, borders within 2 px counted as right. */
  readonly occlusion: OcclusionScore;
  /** Pixel by pixel. */
  readonly strictOcclusion: OcclusionScore;
  /** Hidden pixels with measured flow all the same, both images. */
  readonly measuredHidden: number;
  /** Point between the pupils, towards the cameras from the calibrated eye plane, mm; null without a subject. */
  readonly eyeDepthMm: { readonly measured: number | null; readonly truth: number } | null;
  /** What an exact match would have led the rig fit to; null when the points do not tell. */
  readonly expectedRigFit: ExpectedRigFit | null;
}

/**
 * Both are brought together over the pixels of the captured frames: record → frame by the record's own model, frame →
 * truth by the truth's maps. So errors of the calibration count like errors of the match.
 * @param folder with the arrays canonicalToNear, canonicalToFar, nearToFar, farToNear, nearVisible, farVisible,
 *   canonicalNearDepth and canonicalFarDepth.
 * @throws CallerError NOT_FOUND for a pair without geometry or flow, or a truth without these arrays;
 *   WorldError FILE_CORRUPT for damaged files of the pair.
 */
export async function compareWithTruth(
  files: ComparedFiles,
  folder: SceneTruthFolder,
): Promise<TruthComparison> {
  const geometry = geometryOfRecord(files);
  const views = { near: await readView(files, "near"), far: await readView(files, "far") };
  const places = new TruePlaces(folder, geometry);
  const sightings = trueSightings(folder, places);
  const landing = landingErrors(geometry, folder.truth.canonical, sightings);
  if (landing === null) throw nothingSeen();
  const { T_rig_truth: gauge, ...canonical } = landing;
  const zoneOf = headPlaces(folder.truth) ?? (() => 0);
  const errorsOf = (arm: Arm): ViewErrors =>
    viewErrors({
      arm,
      view: views[arm],
      otherMask: views[otherArm(arm)].mask,
      geometry,
      places,
      gauge,
      zoneOf,
    });
  const [near, far] = [errorsOf("near"), errorsOf("far")];
  return {
    canonical,
    nearToFar: byZone(near),
    farToNear: byZone(far),
    occlusion: occlusionOf(near, far),
    strictOcclusion: occlusionOf(near, far, 0),
    measuredHidden: near.measuredHidden + far.measuredHidden,
    eyeDepthMm: eyeDepth(files, folder, (pointMm) => depthOf(geometry.pair, gauge, pointMm)),
    expectedRigFit: expectedRigFit(geometry, gauge, sightings),
  };
}

function byZone({ zone, endPointPx, radialPx, sigmaPx, depthMm }: ViewErrors): ZoneFlow[] {
  return faceZones.flatMap((name, index) => {
    const inZone = Uint32Array.from(zone.keys()).filter((i) => zone[i] === index);
    if (inZone.length === 0) return [];
    const kept = inZone.filter((i) => !Number.isNaN(endPointPx[i] as number));
    const of = (values: readonly number[]): Float64Array =>
      Float64Array.from(kept, (i) => values[i] as number);
    const [errors, sigmas] = [of(endPointPx), of(sigmaPx)];
    return {
      zone: name,
      pixels: inZone.length,
      keptShare: kept.length / inZone.length,
      endPointPx: errorStatistics(errors),
      normalised: normalisedErrors(of(radialPx).map((error, i) => error / (sigmas[i] as number))),
      depthMm: errorStatistics(of(depthMm)),
      sparsification: sparsification(errors, sigmas),
    };
  });
}

function occlusionOf(near: ViewErrors, far: ViewErrors, tolerancePx?: number): OcclusionScore {
  const both = (of: (view: ViewErrors) => Uint8Array): Uint8Array => {
    const joined = new Uint8Array(of(near).length + of(far).length);
    joined.set(of(near));
    joined.set(of(far), of(near).length);
    return joined;
  };
  return occlusionScore(
    both(({ claimed }) => claimed),
    both(({ actual }) => actual),
    near.sizePx,
    tolerancePx,
  );
}

function eyeDepth(
  { record }: ComparedFiles,
  { truth }: SceneTruthFolder,
  depth: (pointMm: Vector3) => number,
): TruthComparison["eyeDepthMm"] {
  if (truth.T_rig_object === null || truth.world.scene !== "subject") return null;
  // A head's own origin is the point between its pupils.
  const measured = record.quality.eyePlaneMm?.value ?? null;
  return { measured, truth: depth(truth.T_rig_object.near.translationMm) };
}

function nothingSeen(): CallerError {
  return new CallerError("NOT_FOUND", "The truth has no surface that both arms of this pair see.", {
    advice: "Compare the pair with the truth of its own shot, of a subject or a target.",
  });
}
