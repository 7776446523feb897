/**
 * What native/vision sees in pictures, typed: sub-pixel corners of ChArUco boards and chessboards,
 * and the patches of color charts.
 */
import { CallerError } from "../base/errors.js";
import { answered, loadVisionAddon, type NativeJob } from "./vision-addon.js";

/** A single-channel image, row by row, linear or not. Pixel centres at integers. */
export interface VisionImage {
  /** `widthPx × heightPx` samples; any bit depth in 16 bits. Copied, so it may change after the call. */
  readonly data: Uint8Array | Uint16Array | Float32Array;
  /** 16 to 32767. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * A checker board, as the chessboards of calibration/targets define it. Inner corner `id` counts them row-major from
 * the top left of the upright board.
 */
export interface VisionChessboard {
  /** Squares, not inner corners; 3 to 200. */
  readonly squaresX: number;
  readonly squaresY: number;
  readonly squareMm: number;
  /** Squares of this color have an even column + row. */
  readonly topLeftSquare: "black" | "white";
}

/** A checker board with an upright marker in the middle of each white square, numbered row-major. */
export interface VisionCharucoBoard extends VisionChessboard {
  /** Below `squareMm`. */
  readonly markerMm: number;
  /** OpenCV's name of the dictionary, as "DICT_6X6_250". */
  readonly dictionary: string;
  readonly firstMarkerId: number;
}

export type VisionBoard = VisionChessboard | VisionCharucoBoard;

export interface BoardFinding {
  /** Of the corners found, ascending. */
  readonly ids: Int32Array;
  /** [corner][x, y], px of the image as it was given, mirrored or not. */
  readonly pointsPx: Float64Array;
  /** Standard deviation of x and of y of each corner, px, from the noise and the sharpness around it. */
  readonly sigmaPx: Float32Array;
  /** Of the markers that were read, ascending; empty for chessboards. */
  readonly markerIds: Int32Array;
  /** Whether the markers can be read only after flipping the image; null without markers, as chessboards are. */
  readonly mirrored: boolean | null;
  /** Median half-window that the corners were measured in, px; 0 without corners. */
  readonly windowPx: number;
  /** Why there are no corners; null when there are. */
  readonly message: string | null;
}

/** 8-bit R, G, B, interleaved, spread as for viewing (sRGB or a root of linear light). */
export interface ChartPicture {
  readonly data: Uint8Array;
  /** 64 to 32767. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The 24 patches of a ColorChecker Classic. */
export interface ChartFinding {
  /**
   * [x, y] of the patch grid's outer corners in the chart's own order, px: at dark skin, bluish green, black, white.
   * They run clockwise unless the picture is mirrored.
   */
  readonly cornersPx: readonly (readonly [number, number])[];
  /** Width and height of a patch over the distances of the patches' centres. */
  readonly patchShare: readonly [number, number];
  readonly mirrored: boolean;
  /** Correlation of the patches' colors with the chart's; 1 is perfect. */
  readonly agreement: number;
  /** Patches whose edges were measured, and how far their centres are from a perspective grid, rms. */
  readonly measuredPatches: number;
  readonly residualPx: number;
}

export interface FindBoardOptions {
  /** Ends the search at its next step; the promise rejects with the signal's reason at once. */
  readonly signal?: AbortSignal;
}

/**
 * A pool of native threads that look at images; JavaScript goes on meanwhile. The event loop stays alive while a
 * promise is pending, the idle threads do not hold it.
 */
export interface Vision {
  /**
   * The board's inner corners. ChArUco boards are found in parts, chessboards only whole. A board that is not there is
   * a finding without corners, not an error. Corners are left out rather than guessed: whatever does not look like
   * four squares that meet, with the board's colors, in line with its neighbours.
   *
   * Chessboards do not tell which way up they are unless the number of inner corners across and down differ in
   * parity; otherwise corner 0 is the end further up and left in the image.
   *
   * @throws CallerError USAGE for an impossible board or image, CLOSED after or during `close`.
   */
  findBoard(image: VisionImage, board: VisionBoard, options?: FindBoardOptions): Promise<BoardFinding>;
  /**
   * The chart in any orientation, mirrored or not; null when there is none. 0.1 to 1 s, up to 6 s for
   * a small one or none in 20 MP.
   * @throws CallerError USAGE for an impossible picture, CLOSED after or during `close`.
   */
  findChart(picture: ChartPicture, options?: FindBoardOptions): Promise<ChartFinding | null>;
  /** Ends what is under way (it rejects with CLOSED) and then the threads. May be called twice. */
  close(): Promise<void>;
}

interface NativeBoard {
  readonly squaresX: number;
  readonly squaresY: number;
  readonly topLeftBlack: boolean;
  readonly markers: {
    readonly dictionary: string;
    readonly firstId: number;
    readonly sideSquares: number;
  } | null;
}

interface NativeVision {
  findBoard(image: VisionImage, board: NativeBoard): NativeJob<BoardFinding>;
  findChart(picture: ChartPicture): NativeJob<ChartFinding | null>;
  close(): Promise<void>;
}

/**
 * @param options.threads at most; all cores of the machine when left out. They begin with the first images.
 * @throws WorldError BACKEND_MISSING when the addon is not built or OpenCV is not installed.
 */
export function createVision(options: { readonly threads?: number } = {}): Vision {
  const native = loadVisionAddon<NativeVision, unknown>().createVision(options.threads ?? 0);
  return {
    findBoard: (image, board, { signal } = {}) =>
      answered(() => native.findBoard(image, nativeBoard(board)), signal, asCallerError),
    findChart: (picture, { signal } = {}) => answered(() => native.findChart(picture), signal, asCallerError),
    close: () => native.close(),
  };
}

function nativeBoard(board: VisionBoard): NativeBoard {
  const { squaresX, squaresY, squareMm, topLeftSquare } = board;
  if (!(squareMm > 0 && Number.isFinite(squareMm))) throw impossible("squareMm must be above 0");
  if (topLeftSquare !== "black" && topLeftSquare !== "white") {
    throw impossible('topLeftSquare must be "black" or "white"');
  }
  const markers =
    "markerMm" in board
      ? {
          dictionary: board.dictionary,
          firstId: board.firstMarkerId,
          sideSquares: board.markerMm / squareMm,
        }
      : null;
  return { squaresX, squaresY, topLeftBlack: topLeftSquare === "black", markers };
}

function impossible(message: string, cause?: unknown): CallerError {
  return new CallerError("USAGE", message, {
    advice: "Take the board from calibration/targets, and the image's sizes with its samples.",
    cause,
  });
}

/** What the native side says of the caller's mistakes; other errors are passed on. */
function asCallerError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === "USAGE" || error instanceof TypeError) return impossible(error.message, error);
  if (code !== "CLOSED" && code !== "CANCELLED") return error;
  return new CallerError("CLOSED", "the vision is closed", {
    advice: "Close it only after the last image.",
    cause: error,
  });
}
