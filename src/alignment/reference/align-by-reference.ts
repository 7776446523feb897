/** Aligned pairs without geometry: by homography and gains of a still pair. Neither flow nor depth. */
import { WorldError } from "../../base/errors.js";
import type { FrameSource } from "../../native/resample.js";
import type { AlignmentRecord } from "../../schema/alignment.js";
import type { ArmName } from "../../schema/records.js";
import type { AlignedFile, AlignedPair } from "../aligned-pair.js";
import { type CanonicalFaces, findAlignedFaces } from "../face/aligned-faces.js";
import { faceZoneMap } from "../face/face-zones.js";
import { alignmentInputOf } from "../input/alignment-input-of.js";
import type { AlignmentParameters, PairInput } from "../pair-input.js";
import { imageWithMask } from "../pipeline/image-with-mask.js";
import { maskImage } from "../pipeline/mask-image.js";
import { qualityOf } from "../quality/quality-of.js";
import { verdictOf } from "../quality/verdict.js";
import { type FrameLight, frameLightOf, ownLight } from "../resample/color-of.js";
import { type FrameToResample, type ResampledFrame, resampleFrame } from "../resample/resample-frame.js";
import type { KnownReferences } from "./known-references.js";
import type { ReferenceSolution, ReferenceTools } from "./solve-reference.js";

export interface ReferenceAlignerTools extends ReferenceTools {
  readonly references: KnownReferences;
  /** sha256 of each face network, in the order of roles. */
  readonly faceNets: readonly string[];
}

const blindTo = [
  "The homography holds in the plane of the reference pair alone: whatever stands nearer or further is displaced by parallax, and this record does not tell by how much.",
  "Lens distortion, the place of the pupils and the subject's distance are not known.",
];

/**
 * @throws CallerError or WorldError: FILE_CORRUPT, ALIGN_FAILED when the reference does not tell, ALIGN_NO_CALIBRATION
 *   for an input without one; the signal's reason.
 */
export async function alignByReference(
  input: PairInput,
  parameters: AlignmentParameters,
  tools: ReferenceAlignerTools,
  signal: AbortSignal,
): Promise<AlignedPair> {
  if (input.reference === null) throw noReference();
  const solution = await tools.references.solve(input.reference, parameters, tools, signal);
  const resampled = async (arm: ArmName): Promise<ResampledFrame> => {
    const source = await input[arm].open(signal);
    const frame = frameToResample(input, arm, source, parameters, solution);
    return resampleFrame(tools.aligner, frame, { signal });
  };
  const [near, far] = [await resampled("near"), await resampled("far")];
  const rec2020 = input.color !== null;
  const faces = await findAlignedFaces(tools.finder, near.image, far.image, { pair: null, rec2020, signal });
  const record = recordOf(input, parameters, { near, far, faces, solution }, tools.faceNets);
  return { record, files: filesOf({ near, far }, faces, rec2020) };
}

function frameToResample(
  { color }: PairInput,
  arm: ArmName,
  source: FrameSource,
  { sizePx }: AlignmentParameters,
  solution: ReferenceSolution,
): FrameToResample {
  const light = color === null ? gainsOf(solution, arm) : frameLightOf(color.record, arm);
  return { source, placing: { sizePx, homography: solution[arm].homography }, light };
}

/** Without a color calibration the near arm gets the gains of the reference. */
function gainsOf({ gains }: ReferenceSolution, arm: ArmName): FrameLight {
  if (gains === null || arm === "far") return ownLight;
  const [red, green, blue] = gains;
  const rows = [
    [red, 0, 0],
    [0, green, 0],
    [0, 0, blue],
  ];
  return { ...ownLight, color: [{ method: "gains", rows }] };
}

/** What of a pair's quality needs a calibrated geometry. */
const noGeometry = { pair: null, zones: null, match: null, eyes: null, rigFit: null } as const;

interface Seen {
  readonly near: ResampledFrame;
  readonly far: ResampledFrame;
  readonly faces: CanonicalFaces;
  readonly solution: ReferenceSolution;
}

function recordOf(
  input: PairInput,
  parameters: AlignmentParameters,
  { near, far, faces, solution }: Seen,
  faceNets: readonly string[],
): Omit<AlignmentRecord, "files"> {
  const quality = qualityOf({
    near: near.image,
    far: far.image,
    rec2020: input.color !== null,
    faces,
    skewUs: input.skewUs,
    ...noGeometry,
  });
  const context = {
    approximate: true,
    expired: input.expired,
    color: input.color !== null,
    flatField: near.resampling.flatField && far.resampling.flatField,
    stopDifferenceMm: null,
  };
  return {
    format: "nearfar-alignment",
    version: 1,
    input: alignmentInputOf(input, parameters, faceNets),
    approximate: true,
    canonical: null,
    subject: null,
    resampling: { near: near.resampling, far: far.resampling },
    faces: { near: faces.near?.record ?? null, far: faces.far?.record ?? null },
    rigFit: null,
    quality,
    ...verdictOf(quality, faces, null, context, parameters.limits),
    blindTo: [...blindTo, fitSentence(solution)],
  };
}

const started = {
  board: "the corners of a board",
  face: "a face, which is not flat: what it shows of the plane is rough",
  frame: "the images alone",
} as const;

/** How well the reference fits, so that nobody takes any two pictures for a good one. */
function fitSentence({ startedBy, correlation }: ReferenceSolution): string {
  return `The homography started from ${started[startedBy]}; near and far of the reference correlate by ${correlation.toFixed(3)} through it.`;
}

function filesOf(
  frames: Readonly<Record<ArmName, ResampledFrame>>,
  faces: CanonicalFaces,
  rec2020: boolean,
): AlignedFile[] {
  return (["near", "far"] as const).flatMap((arm) => {
    const { image } = frames[arm];
    const face = faces[arm];
    // Without a match none says what the other arm sees.
    const mask = maskImage(image, face && faceZoneMap(image, face, null), null);
    return imageWithMask(arm, image, mask, { arm, kind: "approximate", rec2020 });
  });
}

function noReference(): WorldError {
  return new WorldError(
    "ALIGN_NO_CALIBRATION",
    "The pair has neither a geometric calibration nor a reference pair.",
    { advice: "Name one of them." },
  );
}
