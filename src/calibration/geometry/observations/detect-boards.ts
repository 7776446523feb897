/** Looks for boards in many images at once. */
import { availableParallelism } from "node:os";
import { NearfarError } from "../../../base/errors.js";
import type { BoardFinding, Vision, VisionBoard, VisionImage } from "../../../native/vision.js";
import { flipX } from "./flip.js";
import type { ImageSighting, KnownBoard, SeenBoard } from "./seen-board.js";

/** An image that is not in memory yet. */
export interface ImageSource {
  /** File name or number. */
  readonly image: string;
  /** A NearfarError FILE_CORRUPT or NOT_FOUND makes it an image without boards; any other ends the detection. */
  load(signal?: AbortSignal): Promise<VisionImage>;
}

export interface DetectOptions {
  readonly vision: Vision;
  readonly signal?: AbortSignal;
  /** After each image. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Images in memory at a time, at most: 20 megapixels take 140 MB while they are read. */
const mostImages = 8;

/**
 * All boards in all images, in the order of the images. As many images are in memory at a time as the machine has
 * cores and one more that is loaded meanwhile, but never more than 8.
 * @throws CallerError USAGE for an impossible board, the signal's reason when it aborts.
 */
export async function detectBoards(
  images: readonly ImageSource[],
  boards: readonly KnownBoard[],
  options: DetectOptions,
): Promise<ImageSighting[]> {
  const { signal, onProgress } = options;
  const sightings = new Array<ImageSighting>(images.length);
  const waiting = images.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const [index, source] of waiting) {
      signal?.throwIfAborted();
      sightings[index] = await detectInSource(source, boards, options);
      done += 1;
      onProgress?.(done, images.length);
    }
  };
  const together = Math.min(availableParallelism() + 1, mostImages);
  await Promise.all(Array.from({ length: together }, work));
  return sightings;
}

async function detectInSource(
  source: ImageSource,
  boards: readonly KnownBoard[],
  options: DetectOptions,
): Promise<ImageSighting> {
  try {
    return await detectInImage(source.image, await source.load(options.signal), boards, options);
  } catch (error) {
    const unreadable = error instanceof NearfarError && ["FILE_CORRUPT", "NOT_FOUND"].includes(error.code);
    if (!unreadable) throw error;
    const missing = boards.map(({ id }) => ({ boardId: id, message: error.message }));
    return { image: source.image, sizePx: null, boards: [], missing };
  }
}

/** All boards in one image. @throws as `detectBoards`. */
export async function detectInImage(
  name: string,
  image: VisionImage,
  boards: readonly KnownBoard[],
  options: DetectOptions,
): Promise<ImageSighting> {
  const { vision, signal } = options;
  const seen: SeenBoard[] = [];
  const missing: ImageSighting["missing"][number][] = [];
  for (const { id, board } of boards) {
    const finding = await findEitherColor(vision, image, board, signal);
    if (finding.message === null) seen.push(seenBoard(id, finding, image.widthPx));
    else missing.push({ boardId: id, message: finding.message });
  }
  return { image: name, sizePx: [image.widthPx, image.heightPx], boards: seen, missing };
}

/**
 * Chessboards are printed beginning with a black or a white square, and one cannot tell by the counts which: what
 * matters here is where corners are, so that both will do.
 */
async function findEitherColor(
  vision: Vision,
  image: VisionImage,
  board: VisionBoard,
  signal: AbortSignal | undefined,
): Promise<BoardFinding> {
  const options = signal === undefined ? {} : { signal };
  const finding = await vision.findBoard(image, board, options);
  // With an odd sum of squares the finder turns the board until its colors fit.
  const toldByTurning = (board.squaresX + board.squaresY) % 2 === 1;
  if ("markerMm" in board || finding.message === null || toldByTurning) return finding;
  const topLeftSquare = board.topLeftSquare === "black" ? "white" : "black";
  const other = await vision.findBoard(image, { ...board, topLeftSquare }, options);
  return other.message === null ? other : finding;
}

function seenBoard(boardId: string, finding: BoardFinding, widthPx: number): SeenBoard {
  const { ids, sigmaPx, mirrored } = finding;
  const pointsPx = mirrored === true ? flipX(finding.pointsPx, widthPx) : finding.pointsPx;
  return { boardId, ids, pointsPx, sigmaPx: Float64Array.from(sigmaPx), mirrored };
}
