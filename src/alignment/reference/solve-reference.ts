/**
 * The published practice where no geometry was calibrated: a still, flat pair tells one homography and one gain for
 * each channel, which then serve for all pairs taken like it.
 */
import { WorldError } from "../../base/errors.js";
import { lumaOf } from "../../imaging/gray.js";
import type { AlignPlanesRequest, PlaneImage } from "../../native/align-planes.js";
import type { Aligner } from "../../native/aligner.js";
import type { FrameMap, Resampled } from "../../native/resample.js";
import { maskBits } from "../../schema/alignment.js";
import type { AlignmentParameters, ReferencePair } from "../pair-input.js";
import { canonicalWhite } from "../resample/canonical-white.js";
import { type ArmView, viewOf } from "./arm-view.js";
import { type Gains, nearToFarGains } from "./gains.js";
import { chained, identityMap, middleOf, type PlaneMap, scaledAbout } from "./plane-map.js";
import { type StartMap, type StartTools, startMaps } from "./start-map.js";

export interface ReferenceSolution {
  /** Of canonical px of the asked size. */
  readonly near: FrameMap & { readonly kind: "homography" };
  readonly far: FrameMap & { readonly kind: "homography" };
  /** Near camera color to the far one's; null when an arm has no color. */
  readonly gains: Gains | null;
  /** In the plane of the reference; null when nothing in it tells. */
  readonly pxPerMm: number | null;
  readonly startedBy: "board" | "face" | "frame";
  /** Of both images of the reference, once mapped; 1 is perfect. */
  readonly correlation: number;
}

export interface ReferenceTools extends StartTools {
  readonly aligner: Pick<Aligner, "resample" | "alignPlanes">;
}

/** Finer images do not tell the homography better, and take longer. */
const solvedSidePx = 1024;
const leastCorrelation = 0.5;
/** The second round sees the near image resampled as it will be. */
const rounds = 2;

/**
 * The far frame's middle becomes the canonical image: `sideMm` of it where a board tells how long that is, else as much
 * as the frame's shorter side holds.
 * @throws WorldError ALIGN_FAILED when the pair does not tell how its images lie to each other, FILE_CORRUPT.
 */
export async function solveReference(
  { near, far }: ReferencePair,
  { sizePx, sideMm }: Pick<AlignmentParameters, "sizePx" | "sideMm">,
  tools: ReferenceTools,
  signal?: AbortSignal,
): Promise<ReferenceSolution> {
  const { aligner } = tools;
  const views = {
    near: await viewOf(aligner, await near.open(signal), signal),
    far: await viewOf(aligner, await far.open(signal), signal),
  };
  let failure: unknown = null;
  for await (const start of startMaps(views, tools, signal)) {
    try {
      return await solveFrom(start, views, { sizePx, sideMm }, aligner, signal);
    } catch (error) {
      if (!(error instanceof WorldError) || error.code !== "ALIGN_FAILED") throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function solveFrom(
  start: StartMap,
  { near, far }: { readonly near: ArmView; readonly far: ArmView },
  { sizePx, sideMm }: Pick<AlignmentParameters, "sizePx" | "sideMm">,
  aligner: ReferenceTools["aligner"],
  signal: AbortSignal | undefined,
): Promise<ReferenceSolution> {
  const sidePx = Math.min(sizePx, solvedSidePx);
  const farSidePx =
    start.farPxPerMm === null ? Math.min(far.widthPx, far.heightPx) : start.farPxPerMm * sideMm;
  const middle = middleOf({ widthPx: sidePx, heightPx: sidePx });
  const farOfCanonical = scaledAbout(farSidePx / sidePx, middle, middleOf(far));
  const farImage = await cropOf(aligner, far, farOfCanonical, sidePx, signal);
  let nearOfCanonical = chained(farOfCanonical, start.nearOfFar);
  let nearImage = await cropOf(aligner, near, nearOfCanonical, sidePx, signal);
  let correlation = 0;
  for (let round = 0; round < rounds; round++) {
    const planes = { fixed: planeOf(farImage), moving: planeOf(nearImage), start: identityMap };
    const search = round === 0 && start.by === "frame";
    const aligned = await alignedPlanes(aligner, { ...planes, search }, signal);
    nearOfCanonical = chained(aligned.homography, nearOfCanonical);
    nearImage = await cropOf(aligner, near, nearOfCanonical, sidePx, signal);
    correlation = aligned.correlation;
  }
  const solvedOfAsked = scaledAbout(sidePx / sizePx, [-0.5, -0.5], [-0.5, -0.5]);
  return {
    near: { kind: "homography", homography: chained(solvedOfAsked, nearOfCanonical) },
    far: { kind: "homography", homography: chained(solvedOfAsked, farOfCanonical) },
    gains: nearToFarGains(nearImage, farImage, canonicalWhite),
    pxPerMm: start.farPxPerMm === null ? null : sizePx / sideMm,
    startedBy: start.by,
    correlation,
  };
}

function cropOf(
  aligner: Pick<Aligner, "resample">,
  { source }: ArmView,
  frameOfCanonical: PlaneMap,
  sidePx: number,
  signal: AbortSignal | undefined,
): Promise<Resampled> {
  return aligner.resample(
    {
      source,
      map: { kind: "homography", homography: frameOfCanonical },
      widthPx: sidePx,
      heightPx: sidePx,
      flat: null,
      dark: null,
      color: [],
      white: canonicalWhite,
    },
    signal === undefined ? {} : { signal },
  );
}

async function alignedPlanes(
  aligner: Pick<Aligner, "alignPlanes">,
  request: AlignPlanesRequest,
  signal: AbortSignal | undefined,
): Promise<{ homography: PlaneMap; correlation: number }> {
  const alignment = await aligner.alignPlanes(request, signal === undefined ? {} : { signal });
  if (alignment.homography !== null && alignment.correlation >= leastCorrelation) return alignment;
  const why = alignment.message ?? `they correlate by ${alignment.correlation.toFixed(2)} only`;
  throw new WorldError("ALIGN_FAILED", `The images of the reference pair do not fit: ${why}.`, {
    advice:
      "Take a still pair of something flat with much texture that fills both views, such as a calibration board.",
  });
}

function planeOf({ samples, channels, flags, widthPx, heightPx }: Resampled): PlaneImage {
  const gray = channels === 1 ? Float32Array.from(samples) : lumaOf(samples, widthPx * heightPx);
  const valid = flags.map((bits) => (bits === maskBits.valid ? 1 : 0));
  return { widthPx, heightPx, samples: gray, valid };
}
