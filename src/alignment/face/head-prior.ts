/** Depth of a generic head where this one is: what the flow falls back on where nothing could be matched. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { DepthView, FuseRequest } from "../../native/radial-match.js";
import type { CanonicalFaces } from "./aligned-faces.js";
import { depthAround, type EyeDepth } from "./eye-depth.js";
import { facePlacedIn } from "./face-placed-in.js";
import { type DepthCorrection, type DepthSample, fitToMeasured } from "./fit-to-measured.js";
import { type Grid, gridOver } from "./grid.js";
import { type HeadPlace, placedHead } from "./placed-head.js";

export interface HeadPriorRequest {
  readonly pair: CanonicalPair;
  readonly arm: "near" | "far";
  readonly faces: CanonicalFaces;
  readonly eyes: EyeDepth;
  /** Of that arm; null: the generic head as it is. */
  readonly measured: Pick<DepthView, "depthMm" | "depthSigmaMm"> | null;
}

/** Cells of the prior along a side: 2.3 mm of the usual 300. */
const columns = 128;
/** Measured depth with a larger sigma says nothing about the head. */
const usefulSigmaMm = 6;
/** Every second cell either way is compared with the measured depth: heads vary slowly. */
const sampleStep = 2;
/** Where heads differ by more, hair and neck among them, nothing is learnt about the face. */
const faceSigmaMm = 11;
/**
 * Over virtual heads: relief of the face over the generic one's; the mesh's yaw is right to 3°, its pitch to 6°, for
 * a long face looks much like one that is turned down.
 */
const usual = { stretch: 0.08, tiltAcross: 0.05, tiltDown: 0.1 } as const;

/**
 * The generic head's depth in one view, at the depth of the eyes, fitted to the measured depth, with a sigma that
 * holds how heads differ and what the fit leaves open. Null without a face in either image.
 */
export function headPrior(request: HeadPriorRequest): FuseRequest["prior"] | null {
  const { pair, arm, faces, eyes, measured } = request;
  const face = faces[arm] ?? facePlacedIn(pair, arm, faces);
  if (face === null) return null;
  const grid = gridOver(pair.sizePx, columns);
  const head = placedHead(pair, arm, face, eyes, grid);
  const samples = measured === null ? [] : samplesOf(pair.sizePx, grid, head, measured, eyes);
  const correction = fitToMeasured(samples, (sampleStep * grid.cellPx) / pair.pxPerMm, {
    offsetMm: eyes.depthMm.sigma,
    ...usual,
  });
  return priorOf(grid, head, correction, eyes);
}

type Head = readonly (HeadPlace | null)[];

const isFace = ({ reliefSigmaMm }: HeadPlace): boolean => reliefSigmaMm < faceSigmaMm;

function samplesOf(
  sizePx: number,
  { rows }: Grid,
  head: Head,
  measured: Pick<DepthView, "depthMm" | "depthSigmaMm">,
  eyes: EyeDepth,
): DepthSample[] {
  const samples: DepthSample[] = [];
  for (let row = 0; row < rows; row += sampleStep) {
    for (let column = 0; column < columns; column += sampleStep) {
      const place = head[row * columns + column] ?? null;
      if (place === null || !isFace(place)) continue;
      const { px, xMm, yMm, hMm, reliefSigmaMm, outlineSigmaMm } = place;
      const depth = depthAround(measured, sizePx, ...px);
      if (depth === null || depth.sigma > usefulSigmaMm) continue;
      const departureMm = depth.value - eyes.depthMm.value - hMm;
      const sigmaMm = Math.hypot(reliefSigmaMm, outlineSigmaMm);
      samples.push({ xMm, yMm, hMm, sigmaMm, departureMm, measuredSigmaMm: depth.sigma });
    }
  }
  return samples;
}

function priorOf(
  { rows }: Grid,
  head: Head,
  correction: DepthCorrection,
  eyes: EyeDepth,
): FuseRequest["prior"] {
  const depthMm = new Float32Array(columns * rows).fill(Number.NaN);
  const sigmaMm = new Float32Array(columns * rows).fill(Number.NaN);
  for (const [cell, place] of head.entries()) {
    if (place === null) continue;
    const where = [place.xMm, place.yMm, place.hMm] as const;
    depthMm[cell] = eyes.depthMm.value + place.hMm + correction.at(...where);
    // How usual a face is says nothing about its hair.
    const factor = isFace(place) ? correction.sigmaFactor : 1;
    sigmaMm[cell] = Math.hypot(
      factor * place.reliefSigmaMm,
      place.outlineSigmaMm,
      correction.sigmaAt(...where),
    );
  }
  return { columns, rows, depthMm, sigmaMm };
}
