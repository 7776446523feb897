/** Which sightings of a board a camera is calibrated from. */
import { CallerError, WorldError } from "../../../base/errors.js";
import type { ImageSighting, KnownBoard, SeenBoard } from "../observations/seen-board.js";

/** An image with the board in it. */
export interface CameraView {
  /** Of the image among all images. */
  readonly index: number;
  readonly image: string;
  readonly board: SeenBoard;
}

/** An image that is not used, and why. */
export interface UnusedImage {
  readonly index: number;
  readonly image: string;
  readonly message: string;
}

export interface SortedImages {
  /** Width and height. */
  readonly imageSizePx: readonly [number, number];
  readonly views: readonly CameraView[];
  readonly unused: readonly UnusedImage[];
}

/** Fewer cannot tell a wrong model from a right one. */
const leastViews = 4;
/** A pose has six unknowns; below this many corners it follows the noise. */
export const leastCorners = 8;

/**
 * @throws CallerError CALIBRATION_REFUSED for images of different sizes and for fewer than 4 views;
 *   WorldError CALIBRATION_FAILED when the board is in none.
 */
export function sortImages(sightings: readonly ImageSighting[], board: KnownBoard): SortedImages {
  const views: CameraView[] = [];
  const used: ImageSighting[] = [];
  const unused: UnusedImage[] = [];
  for (const [index, sighting] of sightings.entries()) {
    const seen = sighting.boards.find(({ boardId }) => boardId === board.id);
    const message = seen === undefined ? reasonOf(sighting, board) : whyUnusable(seen, board);
    if (seen !== undefined && message === null) {
      views.push({ index, image: sighting.image, board: seen });
      used.push(sighting);
    } else unused.push({ index, image: sighting.image, message: message ?? "the board was not found" });
  }
  if (views.length === 0) throw nothingFound(sightings.length, board, unused);
  const imageSizePx = commonSize(used);
  return requireEnough({ imageSizePx, views, unused });
}

/** The images without a view. @throws CallerError CALIBRATION_REFUSED when fewer than 4 views stay. */
export function withoutView(images: SortedImages, dropped: CameraView, message: string): SortedImages {
  const views = images.views.filter((view) => view !== dropped);
  const { index, image } = dropped;
  return requireEnough({ ...images, views, unused: [...images.unused, { index, image, message }] });
}

function requireEnough(images: SortedImages): SortedImages {
  if (images.views.length < leastViews) throw tooFewViews(images.views.length);
  return images;
}

function reasonOf({ missing }: ImageSighting, board: KnownBoard): string | null {
  return missing.find(({ boardId }) => boardId === board.id)?.message ?? null;
}

/** Null for a sighting that fixes a pose. */
function whyUnusable({ ids }: SeenBoard, board: KnownBoard): string | null {
  if (ids.length < leastCorners) return `only ${ids.length} corners were found, ${leastCorners} are needed`;
  const columns = board.board.squaresX - 1;
  const rows = new Set(Array.from(ids, (id) => Math.floor(id / columns)));
  const across = new Set(Array.from(ids, (id) => id % columns));
  return rows.size < 2 || across.size < 2 ? "the corners that were found lie on one line" : null;
}

function commonSize(sightings: readonly ImageSighting[]): readonly [number, number] {
  const images = new Map<string, { readonly sizePx: readonly [number, number]; readonly names: string[] }>();
  for (const { image, sizePx } of sightings) {
    if (sizePx === null) continue;
    const key = sizePx.join(" × ");
    const alike = images.get(key) ?? { sizePx, names: [] };
    alike.names.push(image);
    images.set(key, alike);
  }
  const [first, ...others] = images.values();
  if (first !== undefined && others.length === 0) return first.sizePx;
  const told = [...images].map(([size, { names }]) => `${size} px (${names.length}, as ${names[0]})`);
  throw new CallerError("CALIBRATION_REFUSED", `The images differ in size: ${told.join("; ")}.`, {
    advice:
      "Give uncropped images of one camera in one mode. Turned images count as another size: take all upright or all " +
      "lying, or remove the orientation from their EXIF.",
  });
}

function nothingFound(images: number, board: KnownBoard, unused: readonly UnusedImage[]): WorldError {
  const first = unused[0]?.message ?? "there are no images";
  return new WorldError(
    "CALIBRATION_FAILED",
    `${board.id} was found in none of ${images} images: ${first}.`,
    {
      advice:
        "markerMm" in board.board
          ? "Check the board's description: squares across × down, dictionary, first marker. Markers must be sharp and " +
            "at least some twenty px wide."
          : "Check the board's description: inner corners across × down (a board of 10 × 7 squares has 9 × 6). The whole " +
            "chessboard must be in the image, sharp, with a white rim.",
    },
  );
}

function tooFewViews(count: number): CallerError {
  return new CallerError(
    "CALIBRATION_REFUSED",
    `The board can be used in ${count} images; ${leastViews} are the least.`,
    {
      advice:
        "Take 15 to 30 images: near and far, in all corners of the image, tilted up to 45° in all directions.",
    },
  );
}
