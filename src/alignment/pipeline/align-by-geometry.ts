/** The whole way from two frames and their calibration to the aligned pair. */
import { canonicalOf } from "../../calibration/geometry/pair/canonical-of.js";
import type { FaceFinder } from "../../faces/face-finder.js";
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { Aligner } from "../../native/aligner.js";
import type { AlignedFile, AlignedPair } from "../aligned-pair.js";
import { findAlignedFaces } from "../face/aligned-faces.js";
import { eyeDepth } from "../face/eye-depth.js";
import { faceZoneMap } from "../face/face-zones.js";
import type { AlignmentParameters } from "../pair-input.js";
import { flowFiles } from "./flow-files.js";
import { geometryRecord, type PairWithGeometry } from "./geometry-record.js";
import { imageWithMask } from "./image-with-mask.js";
import { maskImage } from "./mask-image.js";
import { type PairFlow, pairFlow, type SeenPair } from "./pair-flow.js";
import { resamplePair } from "./resampled-pair.js";
import { subjectImages } from "./subject-images.js";

export interface GeometryTools {
  readonly aligner: Aligner;
  readonly finder: FaceFinder;
  /** sha256 of each face network, in the order of roles. */
  readonly faceNets: readonly string[];
}

/** @throws WorldError FILE_CORRUPT for frames that cannot be read; the signal's reason. */
export async function alignByGeometry(
  input: PairWithGeometry,
  parameters: AlignmentParameters,
  { aligner, finder, faceNets }: GeometryTools,
  signal: AbortSignal,
): Promise<AlignedPair> {
  const canonical = canonicalOf(input.geometry.record, input.geometry.stopIndex, parameters);
  const frames = { near: await input.near.open(signal), far: await input.far.open(signal) };
  const resample = (pair: CanonicalPair) => resamplePair(aligner, frames, pair, input, { signal });
  const images = await resample(canonical);
  const { near, far } = images;
  const rec2020 = input.color !== null && near.image.channels === 3;
  const view = { pair: canonical, rec2020, signal };
  const faces = await findAlignedFaces(finder, near.image, far.image, view);
  const seen = { canonical, images, faces, rec2020 };
  const flow = parameters.flow ? await pairFlow(aligner, seen, parameters.depthRangeMm, { signal }) : null;
  const eyes = flow === null ? eyeDepth(canonical, faces, null) : flow.eyes;
  const subject = eyes && (await subjectImages(canonical, eyes, rec2020, resample));
  const findings = { seen, flow, eyes, subject: subject?.record ?? null };
  return {
    record: geometryRecord(input, parameters, findings, faceNets),
    files: [
      ...rigImages(seen, flow),
      ...(subject?.files ?? []),
      ...(flow === null ? [] : flowFiles(canonical.sizePx, flow)),
    ],
  };
}

function rigImages({ images, faces, rec2020 }: SeenPair, flow: PairFlow | null): AlignedFile[] {
  return (["near", "far"] as const).flatMap((arm) => {
    const { image } = images[arm];
    const face = faces[arm];
    const zones = flow ? flow.zones[arm] : face && faceZoneMap(image, face, null);
    const mask = maskImage(image, zones, flow?.matched.match[arm] ?? null);
    return imageWithMask(arm, image, mask, { arm, kind: "rig-canonical", rec2020 });
  });
}
