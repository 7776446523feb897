/** A first guess of how the far frame of a still pair maps onto the near one. */
import { WorldError } from "../../base/errors.js";
import type { FaceFinder } from "../../faces/face-finder.js";
import type { Pixel } from "../../geometry/brown-camera.js";
import type { BoardFinding, Vision, VisionBoard } from "../../native/vision.js";
import { findFace } from "../face/find-face.js";
import { type ArmView, grayOf } from "./arm-view.js";
import { affineOf, middleOf, type PlaneMap, scaledAbout } from "./plane-map.js";

export interface StartMap {
  /** Near frame px of far frame px. */
  readonly nearOfFar: PlaneMap;
  readonly by: "board" | "face" | "frame";
  /** Of the far frame, in the plane of the board; null without one. */
  readonly farPxPerMm: number | null;
}

export interface StartTools {
  readonly vision: Vision;
  readonly finder: FaceFinder;
  /** Boards that may be in the picture. */
  readonly boards: readonly VisionBoard[];
}

/** Fewer corners lie too close together. */
const leastCorners = 8;

/**
 * Ways to begin, the surest first: from the corners of a board that both arms see and nothing else; without one the
 * middle onto the middle and the width onto the width, then the landmarks of a face, which are slow to look for.
 * @throws WorldError ALIGN_FAILED when a board tells that a frame is mirrored; what the finders throw.
 */
export async function* startMaps(
  views: { readonly near: ArmView; readonly far: ArmView },
  tools: StartTools,
  signal?: AbortSignal,
): AsyncGenerator<StartMap> {
  const board = await byBoard(views, tools, signal);
  if (board !== null) {
    yield board;
    return;
  }
  yield byFrame(views);
  const face = await byFace(views, tools, signal);
  if (face !== null) yield face;
}

async function byBoard(
  { near, far }: { readonly near: ArmView; readonly far: ArmView },
  { vision, boards }: StartTools,
  signal: AbortSignal | undefined,
): Promise<StartMap | null> {
  const options = signal === undefined ? {} : { signal };
  for (const board of boards) {
    const inFar = await vision.findBoard(grayOf(far.image), board, options);
    if (inFar.message !== null) continue;
    const inNear = await vision.findBoard(grayOf(near.image), board, options);
    requireUnmirrored(inNear, "near");
    requireUnmirrored(inFar, "far");
    const shared = [...inFar.ids].filter((id) => inNear.ids.includes(id));
    if (shared.length < leastCorners) continue;
    const farPx = shared.map((id) => cornerOf(inFar, id, far.frameOfView));
    const nearPx = shared.map((id) => cornerOf(inNear, id, near.frameOfView));
    const nearOfFar = affineOf(farPx, nearPx);
    const farOfMm = affineOf(
      shared.map((id) => placeOnBoard(board, id)),
      farPx,
    );
    if (nearOfFar === null || farOfMm === null) continue;
    const [a = 0, b = 0, , c = 0, d = 0] = farOfMm;
    return { nearOfFar, by: "board", farPxPerMm: Math.sqrt(Math.abs(a * d - b * c)) };
  }
  return null;
}

async function byFace(
  { near, far }: { readonly near: ArmView; readonly far: ArmView },
  { finder }: StartTools,
  signal: AbortSignal | undefined,
): Promise<StartMap | null> {
  const options = { rec2020: false, ...(signal === undefined ? {} : { signal }) };
  const [inNear, inFar] = [
    await findFace(finder, near.image, options),
    await findFace(finder, far.image, options),
  ];
  if (inNear === null || inFar === null) return null;
  const pointsOf = (landmarks: Float32Array, frameOfView: PlaneMap): Pixel[] =>
    Array.from({ length: 68 }, (_, i) =>
      mapped(frameOfView, [landmarks[2 * i] as number, landmarks[2 * i + 1] as number]),
    );
  const nearOfFar = affineOf(
    pointsOf(inFar.landmarks68, far.frameOfView),
    pointsOf(inNear.landmarks68, near.frameOfView),
  );
  return nearOfFar && { nearOfFar, by: "face", farPxPerMm: null };
}

function byFrame({ near, far }: { readonly near: ArmView; readonly far: ArmView }): StartMap {
  const nearOfFar = scaledAbout(near.widthPx / far.widthPx, middleOf(far), middleOf(near));
  return { nearOfFar, by: "frame", farPxPerMm: null };
}

function cornerOf({ ids, pointsPx }: BoardFinding, id: number, frameOfView: PlaneMap): Pixel {
  const at = 2 * ids.indexOf(id);
  return mapped(frameOfView, [pointsPx[at] as number, pointsPx[at + 1] as number]);
}

/** Of an inner corner, mm from the first one. */
function placeOnBoard({ squaresX, squareMm }: VisionBoard, id: number): Pixel {
  const across = squaresX - 1;
  return [(id % across) * squareMm, Math.floor(id / across) * squareMm];
}

/** By an affine map. */
function mapped([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: PlaneMap, [x, y]: Pixel): Pixel {
  return [a * x + b * y + c, d * x + e * y + f];
}

function requireUnmirrored({ mirrored }: BoardFinding, arm: string): void {
  if (mirrored !== true) return;
  throw new WorldError("ALIGN_FAILED", `The ${arm} frame of the reference pair is mirrored.`, {
    advice:
      "The arm that sees the reflection must be un-mirrored exactly once: see `mount`, or --near-mirrored.",
  });
}
