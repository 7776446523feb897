/**
 * The only loader of native/vision, and what it offers typed: sub-pixel corners of ChArUco boards and chessboards.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { CallerError, WorldError } from "../base/errors.js";

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

/** Errors carry USAGE, CLOSED or CANCELLED as `code`; arguments of a wrong type throw a TypeError. */
interface NativeVision {
  findBoard(
    image: VisionImage,
    board: NativeBoard,
  ): { readonly finding: Promise<BoardFinding>; cancel(): void };
  close(): Promise<void>;
}

interface VisionAddon {
  /** @param threads 0 for as many as the machine has. */
  createVision(threads: number): NativeVision;
}

// The same two steps up from src/native and from dist/native.
const addonPath = fileURLToPath(
  new URL("../../native/vision/build/Release/nearfar_vision.node", import.meta.url),
);

/**
 * @param options.threads at most; all cores of the machine when left out. They begin with the first images.
 * @throws WorldError BACKEND_MISSING when the addon is not built or OpenCV is not installed.
 */
export function createVision(options: { readonly threads?: number } = {}): Vision {
  const native = loadAddon().createVision(options.threads ?? 0);
  return {
    findBoard: (image, board, { signal } = {}) => findBoard(native, image, board, signal),
    close: () => native.close(),
  };
}

function loadAddon(): VisionAddon {
  try {
    return createRequire(import.meta.url)(addonPath) as VisionAddon;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new WorldError("BACKEND_MISSING", `the vision backend cannot be loaded: ${why}`, {
      advice: "Install OpenCV with `apt-get install libopencv-dev`, then run `npm run build:native`.",
      cause,
    });
  }
}

async function findBoard(
  native: NativeVision,
  image: VisionImage,
  board: VisionBoard,
  signal: AbortSignal | undefined,
): Promise<BoardFinding> {
  signal?.throwIfAborted();
  let stop = (): void => {};
  try {
    const { finding, cancel } = native.findBoard(image, nativeBoard(board));
    const aborted = new Promise<never>((_, reject) => {
      stop = () => {
        cancel();
        reject(signal?.reason);
      };
    });
    signal?.addEventListener("abort", stop, { once: true });
    return await Promise.race([finding, aborted]);
  } catch (error) {
    signal?.throwIfAborted();
    throw asCallerError(error);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
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
