/** Correspondence of a canonical pair, corrected by what it says of the rig. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import { noRigErrors, type RigErrors } from "../../geometry/rig-residual.js";
import type { Aligner, AlignerOptions } from "../../native/aligner.js";
import type { RadialMatch, RadialMatchRequest } from "../../native/radial-match.js";
import type { Resampled } from "../../native/resample.js";
import type { SparseFlow } from "../../native/sparse-flow.js";
import { type FittedRig, fitRig, type RigFitOptions } from "../rig-fit/fit-rig.js";
import { usualSparseFlow } from "../rig-fit/usual-sparse-flow.js";

export interface CanonicalImages {
  readonly near: Resampled;
  readonly far: Resampled;
}

export interface MatchedPair {
  readonly match: RadialMatch;
  /** Unconstrained correspondences, from which the rig is fitted. */
  readonly sparse: SparseFlow;
  /** That the match was made with. */
  readonly rigErrors: RigErrors;
  /** Whether they are more than nothing. */
  readonly corrected: boolean;
}

type MatchGeometry = Omit<RadialMatchRequest, "near" | "far" | "depthRangeMm" | "rigErrors">;

export function matchGeometryOf({ sizePx, pxPerMm, epipolePx, near, far }: CanonicalPair): MatchGeometry {
  return { sizePx, pxPerMm, epipolePx, nearDepthMm: near.aimDepthMm, farDepthMm: far.aimDepthMm };
}

/**
 * Matches; where what leaves the radius tells of a rig that is not quite as calibrated, corrects for it and matches
 * again: a search along the radius cannot find what lies beside it.
 */
export async function matchPair(
  aligner: Pick<Aligner, "matchRadially" | "flowSparsely">,
  images: CanonicalImages,
  canonical: CanonicalPair,
  depthRangeMm: readonly [number, number],
  options: AlignerOptions,
): Promise<MatchedPair> {
  const geometry = matchGeometryOf(canonical);
  const matchWith = async (rigErrors: RigErrors, corrected: boolean): Promise<MatchedPair> => {
    const request = { ...geometry, ...images, depthRangeMm, rigErrors };
    const match = await aligner.matchRadially(request, options);
    const depthMap = match.near.depthMm;
    const sparse = await aligner.flowSparsely({ ...request, ...usualSparseFlow, depthMap }, options);
    return { match, sparse, rigErrors, corrected };
  };
  const asCalibrated = await matchWith(noRigErrors, false);
  const fitted = fitRig(asCalibrated.sparse, geometry, noRigErrors);
  return fitted?.record.applied === true ? matchWith(fitted.errors, true) : asCalibrated;
}

/** The fit for the record, by zones. Whether it was applied is what was done, not what this last fit would do. */
export function finalFit(
  { sparse, rigErrors, corrected }: MatchedPair,
  canonical: CanonicalPair,
  zones: Pick<RigFitOptions, "zoneOf">,
): FittedRig | null {
  const fitted = fitRig(sparse, matchGeometryOf(canonical), rigErrors, zones);
  return fitted && { ...fitted, record: { ...fitted.record, applied: corrected } };
}
