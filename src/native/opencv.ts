/**
 * The only loader of opencv4nodejs, with types for the few calls that nearfar makes (the package's
 * own typings do not compile under strict).
 *
 * The addon keeps its classes in process globals: a second load, from another worker thread, kills
 * the process. It therefore belongs to the main thread; its `…Async` calls compute off it.
 */
import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import { WorldError } from "../base/errors.js";

export interface Mat {
  readonly rows: number;
  readonly cols: number;
  readonly channels: number;
  cvtColorAsync(code: number): Promise<Mat>;
  /** A copy of the elements, row by row. */
  getDataAsync(): Promise<Buffer>;
  /** The same as numbers: [row][column]. */
  getDataAsArray(): number[][];
  /** Frees the elements now instead of at some garbage collection. */
  release(): void;
}

/** Points and sizes are classes of the addon; their coordinates are not needed here. */
type OpaquePoint = object;

export interface Vec3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface OpenCv {
  readonly Mat: {
    /** Copies `data`, row by row, into `rows` × `cols` elements of `type`. */
    new (data: Buffer, rows: number, cols: number, type: number): Mat;
    /** [row][column]. */
    new (data: readonly (readonly number[])[], type: number): Mat;
  };
  readonly Point2: new (x: number, y: number) => OpaquePoint;
  readonly Point3: new (x: number, y: number, z: number) => OpaquePoint;
  readonly Size: new (width: number, height: number) => object;
  readonly CV_16UC1: number;
  readonly CV_64F: number;
  /** First guess of a camera matrix from planar objects (z = 0), [view][point] each; fx = fy, principal point centred. */
  initCameraMatrix2DAsync(
    objectPoints: readonly (readonly OpaquePoint[])[],
    imagePoints: readonly (readonly OpaquePoint[])[],
    imageSize: object,
  ): Promise<Mat>;
  /** Pose of an object as rotation vector (rad) and translation. */
  solvePnPAsync(
    objectPoints: readonly OpaquePoint[],
    imagePoints: readonly OpaquePoint[],
    cameraMatrix: Mat,
    distCoeffs: readonly number[],
  ): Promise<{ readonly returnValue: boolean; readonly rvec: Vec3; readonly tvec: Vec3 }>;
  /**
   * Edge-aware demosaicing of 8- and 16-bit mosaics. OpenCV names a pattern by its second row and
   * columns: `BayerBG` is the mosaic whose top left pixels are R G (GenICam's BayerRG).
   */
  readonly COLOR_BayerBG2RGB_EA: number;
  readonly COLOR_BayerGB2RGB_EA: number;
  readonly COLOR_BayerRG2RGB_EA: number;
  readonly COLOR_BayerGR2RGB_EA: number;
}

let loaded: OpenCv | null = null;

/**
 * Loads OpenCV on first use (about a quarter of a second).
 * @throws WorldError BACKEND_MISSING when it is not built or this is not the main thread.
 */
export function loadOpenCv(): OpenCv {
  loaded ??= load();
  return loaded;
}

function load(): OpenCv {
  if (!isMainThread) throw missing("it can be loaded by the main thread only");
  // The one place beside app/ that touches the environment, because the package reads nothing else:
  // without it the package looks for an OpenCV source build of its own instead of its addon.
  process.env.OPENCV4NODEJS_DISABLE_AUTOBUILD ??= "1";
  const { log, info } = console;
  console.log = () => {};
  console.info = () => {};
  try {
    const { cv } = createRequire(import.meta.url)("opencv4nodejs") as { readonly cv: OpenCv };
    return cv;
  } catch (cause) {
    throw missing(cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    console.log = log;
    console.info = info;
  }
}

function missing(why: string, cause?: unknown): WorldError {
  return new WorldError("BACKEND_MISSING", `OpenCV cannot be loaded: ${why}`, {
    advice: "Run `npm run setup`, which installs libopencv-dev and builds opencv4nodejs.",
    cause,
  });
}
