/** Small aligned pairs that follow from the hashes of their frames alone, and fit the schema. */
import type { AlignedFile, AlignedPair } from "../../src/alignment/aligned-pair.js";
import { keepAlignedPair } from "../../src/alignment/run/keep-aligned-pair.js";
import type { AlignmentEntry, Dataset } from "../../src/dataset/dataset.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import {
  type AlignmentFileName,
  type AlignmentInput,
  type AlignmentReason,
  type AlignmentVerdict,
  alignmentInputSchema,
} from "../../src/schema/alignment.js";
import type { ShotRecord } from "../../src/schema/records.js";
import { arrayFile } from "./array-file.js";
import { seededUniform } from "./noise.js";

const sizePx = 128;
const pxPerMm = sizePx / 150;

/** What a pair of a store is aligned from; `sideMm` makes it another input. */
export function alignmentInputOfShot(shot: ShotRecord, sideMm = 150): AlignmentInput {
  const hashOf = (arm: "near" | "far"): { sha256: string } => ({
    sha256: shot.frames.find((frame) => frame.arm === arm)?.objectSha256 ?? "",
  });
  return alignmentInputSchema.parse({
    version: 1,
    near: hashOf("near"),
    far: hashOf("far"),
    distanceMm: shot.distanceMm,
    skewUs: shot.skewUs,
    pair: { calibrationId: "pair-20261123T081530Z-1f2e3d", sha256: "ab".repeat(32) },
    color: null,
    reference: null,
    parameters: { sizePx, sideMm, flow: true, depthRangeMm: [-160, 80], limits: {} },
    faceNets: ["01".repeat(32)],
  });
}

/** As `alignPair` gives it. Every number and pixel follows from the input. */
export function syntheticPair(
  input: AlignmentInput,
  judged: { readonly verdict?: AlignmentVerdict; readonly reasons?: AlignmentReason[] } = {},
): AlignedPair {
  const { verdict = "warn", reasons = ["no-face", "no-color-calibration"] } = judged;
  const random = seededUniform(Number.parseInt(input.near.sha256.slice(0, 8), 16));
  const view = { pupilMm: [0, 0, 0] as [number, number, number], aimDepthMm: input.distanceMm, focalPx: 384 };
  const resampling = {
    mount: { rotationDeg: 90 as const, mirrored: false },
    intrinsics: [500, 500, 64, 64, 0, 0, 0, 0, 0],
    T_camera_rig: null,
    homography: null,
    color: [],
    white: 32768,
    flatField: false,
    sourcePxPerPx: 1.4,
    validShare: random(),
    clippedPx: 0,
  };
  return {
    record: {
      format: "nearfar-alignment",
      version: 1,
      input,
      approximate: false,
      canonical: {
        sizePx,
        pxPerMm,
        axes: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        aimMm: [0, 0, 1600],
        epipolePx: [63.5, 63.5],
        near: view,
        far: { ...view, aimDepthMm: 1600 },
      },
      subject: null,
      resampling: { near: resampling, far: resampling },
      faces: { near: null, far: null },
      rigFit: null,
      quality: {
        eyePlaneMm: null,
        magnificationError: null,
        tangentialRmsPx: random(),
        tangentialChi2: null,
        skinDeltaE00: null,
        sharpnessRatio: null,
        skewUs: input.skewUs,
        coverage: null,
        confidence: null,
        clippedShare: 0,
        medianSigmaPx: random(),
        forwardBackwardPx: null,
      },
      verdict,
      reasons,
      blindTo: ["errors of scale"],
    },
    files: [
      image("near", random),
      image("far", random),
      arrayFile("nearMask", "|u1", [sizePx, sizePx], new Uint8Array(sizePx * sizePx).fill(1)),
      arrayFile("nearToFar", "<f4", [sizePx, sizePx, 2], noise(2, random)),
    ],
  };
}

/** Aligns a stored pair at once. */
export function storeAlignment(
  dataset: Dataset,
  shot: ShotRecord,
  judged: Parameters<typeof syntheticPair>[1] = {},
  sideMm?: number,
): Promise<AlignmentEntry> {
  return keepAlignedPair(dataset, shot.shotId, syntheticPair(alignmentInputOfShot(shot, sideMm), judged));
}

/** In two parts, as images are written: header and samples. */
function image(name: AlignmentFileName, random: () => number): AlignedFile {
  const samples = new Uint16Array(new SharedArrayBuffer(sizePx * sizePx * 3 * 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = Math.floor(random() * 32768);
  const header = buildTiffHeader({
    widthPx: sizePx,
    heightPx: sizePx,
    samplesPerPixel: 3,
    description: name,
  });
  return { name, parts: [header, new Uint8Array(samples.buffer)] };
}

function noise(perPixel: number, random: () => number): Float32Array {
  return Float32Array.from({ length: sizePx * sizePx * perPixel }, () => random() - 0.5);
}
