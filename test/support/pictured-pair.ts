/** A small aligned pair of a known scene: a textured bump before a wall, seen from two pupils without any error. */
import type { AlignedFile, AlignedPair } from "../../src/alignment/aligned-pair.js";
import type { PicturedFiles } from "../../src/alignment/pictures/pictured-files.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import { type AlignmentInput, type AlignmentRecord, maskBits } from "../../src/schema/alignment.js";
import { syntheticPair } from "./aligned-pairs.js";
import { arrayFile } from "./array-file.js";

export const picturedSizePx = 128;
const white = 32768;
const farDepthMm = 1600;
const wallMm = -100;
const bumpRadiusMm = 55;
/** Its top and its rim, before the eye plane and behind it. */
const topMm = 30;
const rimMm = -30;

type Arm = "near" | "far";

/** What a pupil sees at a canonical pixel. */
interface Seen {
  readonly xMm: number;
  readonly yMm: number;
  /** Towards the cameras from the eye plane. */
  readonly depthMm: number;
  readonly head: boolean;
}

function seenAt(input: AlignmentInput, arm: Arm, u: number, v: number): Seen {
  const pupilMm = arm === "near" ? input.distanceMm : farDepthMm;
  const pxPerMm = picturedSizePx / input.parameters.sideMm;
  const middle = (picturedSizePx - 1) / 2;
  const at = (depthMm: number): [number, number] => {
    const scale = (1 - depthMm / pupilMm) / pxPerMm;
    return [(u - middle) * scale, (v - middle) * scale];
  };
  // From the front of the bump backwards: the first surface that the ray meets.
  for (let depthMm = topMm; depthMm > wallMm; depthMm -= 0.2) {
    const [xMm, yMm] = at(depthMm);
    const r2 = (xMm * xMm + yMm * yMm) / bumpRadiusMm ** 2;
    if (r2 < 1 && depthMm <= topMm - (topMm - rimMm) * r2) return { xMm, yMm, depthMm, head: true };
  }
  const [xMm, yMm] = at(wallMm);
  return { xMm, yMm, depthMm: wallMm, head: false };
}

/** Linear light of a place of the scene, red to blue. */
function lightOf({ xMm, yMm, head }: Seen): readonly [number, number, number] {
  if (!head) return [0.1, 0.12, 0.15];
  const pattern = 1 + 0.4 * Math.sin(xMm / 5) * Math.cos(yMm / 6);
  return [0.58 * pattern, 0.53 * pattern, 0.45 * pattern];
}

function flowOf(input: AlignmentInput, u: number, v: number, depthMm: number): [number, number] {
  const middle = (picturedSizePx - 1) / 2;
  const ratio = (1 - depthMm / input.distanceMm) / (1 - depthMm / farDepthMm) - 1;
  return [(u - middle) * ratio, (v - middle) * ratio];
}

const pixels = Array.from({ length: picturedSizePx ** 2 }, (_, i): [number, number] => [
  i % picturedSizePx,
  Math.floor(i / picturedSizePx),
]);

function imageFile(input: AlignmentInput, arm: Arm): AlignedFile {
  const samples = new Uint16Array(new SharedArrayBuffer(pixels.length * 6));
  for (const [index, [u, v]] of pixels.entries()) {
    lightOf(seenAt(input, arm, u, v)).forEach((light, channel) => {
      samples[index * 3 + channel] = Math.round(light * white);
    });
  }
  const size = { widthPx: picturedSizePx, heightPx: picturedSizePx };
  const header = buildTiffHeader({ ...size, samplesPerPixel: 3, description: arm });
  return { name: arm, parts: [header, new Uint8Array(samples.buffer)] };
}

/** Near pixels on the left rim of the bump, said to be hidden from far. */
const isHidden = ([u]: readonly [number, number]): boolean => u < 30;

/** Residuals of a roll: clockwise, growing with the distance from the epipole; one outlier. */
function tangentialNodes(seen: readonly Seen[]): Float32Array {
  const nodes = pixels.flatMap(([u, v], index) => {
    if (u % 12 !== 4 || v % 12 !== 4 || !seen[index]?.head) return [];
    const radius = Math.hypot(u - 63.5, v - 63.5);
    const outlier = u === 64 && v === 64;
    return [u, v, outlier ? 2 : 0.004 * radius, 0.05, outlier ? 0 : 1, 0];
  });
  return Float32Array.from(nodes);
}

/** All files that pictures are made of. */
export function picturedFiles(input: AlignmentInput): AlignedFile[] {
  const seen = pixels.map(([u, v]) => seenAt(input, "near", u, v));
  const measured = pixels.map((pixel, index) => seen[index]?.head === true && !isHidden(pixel));
  const flow = pixels.flatMap(([u, v], index) =>
    measured[index] ? flowOf(input, u, v, (seen[index] as Seen).depthMm) : [Number.NaN, Number.NaN],
  );
  const depth = seen.map(({ depthMm }, index) => (measured[index] ? depthMm : Number.NaN));
  const mask = seen.map(({ head }, index) => {
    const seenByFar = maskBits.visible | maskBits.measured | maskBits.front;
    return maskBits.valid | (head ? maskBits.head | (measured[index] ? seenByFar : maskBits.hidden) : 0);
  });
  const square = [picturedSizePx, picturedSizePx];
  const nodes = tangentialNodes(seen);
  return [
    imageFile(input, "near"),
    imageFile(input, "far"),
    arrayFile("nearMask", "|u1", square, Uint8Array.from(mask)),
    arrayFile("farMask", "|u1", square, new Uint8Array(pixels.length).fill(maskBits.valid)),
    arrayFile("nearToFar", "<f4", [...square, 2], Float32Array.from(flow)),
    arrayFile("nearDepth", "<f4", square, Float32Array.from(depth)),
    arrayFile("tangential", "<f4", [nodes.length / 6, 6], nodes),
  ];
}

const known = (value: number, sigma: number): { value: number; sigma: number } => ({ value, sigma });

/** A pair with all numbers that the page can show. */
export function picturedPair(
  input: AlignmentInput,
  judged: Parameters<typeof syntheticPair>[1] = {},
): AlignedPair {
  const { record } = syntheticPair(input, judged);
  const canonical = record.canonical;
  return {
    files: picturedFiles(input),
    record: {
      ...record,
      subject: canonical && {
        canonical,
        nearDistanceMm: known(input.distanceMm - 8.25, 0.62),
        farDistanceMm: known(farDepthMm - 8.25, 0.62),
        source: "flow",
      },
      rigFit: {
        nearPupilOffsetMm: { x: known(-0.123, 0.034), y: known(0.045, 0.031) },
        rollMdeg: known(5.2, 1.4),
        shiftPx: { x: known(0.12, 0.03), y: known(-0.05, 0.03) },
        points: 812,
        outliers: 14,
        tangentialRmsPx: { before: 0.31, after: 0.142 },
        chi2: 1.07,
        applied: true,
        zones: [
          { zone: "front", points: 610, tangentialRmsPx: 0.121, chi2: 1.02, texture: 0.034 },
          { zone: "ears", points: 88, tangentialRmsPx: 0.24, chi2: 1.4, texture: 0.08 },
        ],
      },
      quality: {
        ...record.quality,
        eyePlaneMm: known(8.25, 0.62),
        magnificationError: known(0.213, 0.055),
        tangentialRmsPx: 0.142,
        tangentialChi2: 1.07,
        skinDeltaE00: 1.94,
        sharpnessRatio: 1.31,
        coverage: 0.862,
        confidence: 0.915,
        medianSigmaPx: 0.212,
        forwardBackwardPx: 0.18,
      },
    },
  };
}

/** As a picture is made of it; `changed` files take the place of those of the same name. */
export function filesOf(
  pair: AlignedPair,
  changed: { readonly record?: Partial<AlignmentRecord>; readonly files?: readonly AlignedFile[] } = {},
): PicturedFiles {
  const all = [...(changed.files ?? []), ...pair.files];
  return {
    record: { ...pair.record, ...changed.record },
    read: async (name) => {
      const file = all.find((candidate) => candidate.name === name);
      if (file === undefined) throw new Error(`the pair has no ${name}`);
      return Buffer.concat(file.parts);
    },
  };
}
