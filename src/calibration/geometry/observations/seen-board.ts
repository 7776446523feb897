/** What calibrations know of a board in an image. */
import type { Rigid } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { VisionBoard } from "../../../native/vision.js";

/** A board whose corners' places are known. */
export interface KnownBoard {
  /** Of the target, or `<assembly id>-<part id>`, or the words it was described by (`chessboard:9x6:25`). */
  readonly id: string;
  readonly board: VisionBoard;
  /** [id]: mm in the board's own frame (schema/target.ts). */
  readonly cornersMm: readonly Vector3[];
  /** Where it stands in its target; the identity for a target that is one board. */
  readonly T_target_board: Rigid;
}

/** The corners of one board in one image, un-mirrored. Arrays run alongside each other. */
export interface SeenBoard {
  readonly boardId: string;
  /** Ascending. */
  readonly ids: Int32Array;
  /** [x, y] flat, px; of a mirrored image already flipped: x → width - 1 - x. */
  readonly pointsPx: Float64Array;
  /** Standard deviation of each coordinate as the detector claims it, px; null where nobody claims one. */
  readonly sigmaPx: Float64Array | null;
  /** Whether the image as it was given was mirrored; null: there is no marker to tell. */
  readonly mirrored: boolean | null;
}

/** What was looked for in one image, and what was found. */
export interface ImageSighting {
  /** File name or number of the image. */
  readonly image: string;
  /** Width and height; null when the image could not be read. */
  readonly sizePx: readonly [number, number] | null;
  /** Those of the boards that were found, in the order asked for. */
  readonly boards: readonly SeenBoard[];
  /** The others, each with a reason. */
  readonly missing: readonly { readonly boardId: string; readonly message: string }[];
}
