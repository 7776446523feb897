/** The record of a pair that was aligned by geometry. */
import type { AlignmentRecord } from "../../schema/alignment.js";
import type { EyeDepth } from "../face/eye-depth.js";
import { alignmentInputOf } from "../input/alignment-input-of.js";
import type { AlignmentParameters, PairInput } from "../pair-input.js";
import { qualityOf } from "../quality/quality-of.js";
import { type VerdictContext, verdictOf } from "../quality/verdict.js";
import { rigFitBlindTo } from "../rig-fit/blind-to.js";
import { canonicalRecord } from "./canonical-record.js";
import type { PairFlow, SeenPair } from "./pair-flow.js";

export type PairWithGeometry = PairInput & { readonly geometry: NonNullable<PairInput["geometry"]> };

export interface Findings {
  readonly seen: SeenPair;
  readonly flow: PairFlow | null;
  readonly eyes: EyeDepth | null;
  readonly subject: AlignmentRecord["subject"];
}

export function geometryRecord(
  input: PairWithGeometry,
  parameters: AlignmentParameters,
  { seen, flow, eyes, subject }: Findings,
  faceNets: readonly string[],
): Omit<AlignmentRecord, "files"> {
  const { canonical, images, faces, rec2020 } = seen;
  const rigFit = flow?.fit?.record ?? null;
  const quality = qualityOf({
    near: images.near.image,
    far: images.far.image,
    pair: canonical,
    rec2020,
    faces,
    zones: flow?.zones.near ?? null,
    match: flow?.matched.match ?? null,
    eyes,
    rigFit,
    skewUs: input.skewUs,
  });
  return {
    format: "nearfar-alignment",
    version: 1,
    input: alignmentInputOf(input, parameters, faceNets),
    approximate: false,
    canonical: canonicalRecord(canonical),
    subject,
    resampling: { near: images.near.resampling, far: images.far.resampling },
    faces: { near: faces.near?.record ?? null, far: faces.far?.record ?? null },
    rigFit,
    quality,
    ...verdictOf(quality, faces, rigFit, contextOf(input, seen), parameters.limits),
    blindTo: [...rigFitBlindTo],
  };
}

function contextOf(
  { geometry, color, expired, distanceMm }: PairWithGeometry,
  seen: SeenPair,
): VerdictContext {
  const { near, far } = seen.images;
  const calibratedMm = geometry.record.stops[geometry.stopIndex]?.distanceMm;
  return {
    approximate: false,
    expired,
    color: color !== null,
    flatField: near.resampling.flatField && far.resampling.flatField,
    stopDifferenceMm: calibratedMm === undefined ? null : calibratedMm - distanceMm,
  };
}
