/** What native/vision does to align a pair, on threads of its own. */
import { CallerError, WorldError } from "../base/errors.js";
import type { AlignPlanesRequest, PlaneAlignment } from "./align-planes.js";
import type { FusedView, FuseRequest, RadialMatch, RadialMatchRequest } from "./radial-match.js";
import type { Resampled, ResampleRequest } from "./resample.js";
import type { SparseFlow, SparseFlowRequest } from "./sparse-flow.js";
import { answered, loadVisionAddon, type NativeJob } from "./vision-addon.js";

export interface AlignerOptions {
  /** Ends the work at its next step; the promise rejects with the signal's reason at once. */
  readonly signal?: AbortSignal;
}

/** A camera's raw file, unpacked: a mosaic as LibRaw reads it, its levels evened out over the colors. */
export interface RawFile {
  readonly samples: Uint16Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cfa: "RGGB" | "BGGR" | "GBRG" | "GRBG";
  readonly blackLevel: number;
  readonly whiteLevel: number;
  /** Clockwise turn that makes it upright, as the file says. */
  readonly rotationDeg: 0 | 90 | 180 | 270;
  readonly camera: string;
}

/**
 * @throws CallerError USAGE for impossible requests, CLOSED after or during `close`; WorldError FILE_CORRUPT for
 *   files that are cut short or damaged, STORE_IO when they cannot be read.
 */
export interface Aligner {
  resample(request: ResampleRequest, options?: AlignerOptions): Promise<Resampled>;
  matchRadially(request: RadialMatchRequest, options?: AlignerOptions): Promise<RadialMatch>;
  fuse(request: FuseRequest, options?: AlignerOptions): Promise<FusedView>;
  flowSparsely(request: SparseFlowRequest, options?: AlignerOptions): Promise<SparseFlow>;
  /** For pairs without geometry: homography of something flat that both arms saw. */
  alignPlanes(request: AlignPlanesRequest, options?: AlignerOptions): Promise<PlaneAlignment>;
  readRawFile(path: string, options?: AlignerOptions): Promise<RawFile>;
  /** Ends what is under way (it rejects with CLOSED) and then the threads. May be called twice. */
  close(): Promise<void>;
}

/** Each method as the native side has it: a job instead of a promise. */
type NativeAligner = {
  readonly [Name in Exclude<keyof Aligner, "close">]: (
    request: Parameters<Aligner[Name]>[0],
  ) => NativeJob<Awaited<ReturnType<Aligner[Name]>>>;
} & Pick<Aligner, "close">;

/**
 * @param options.threads that all jobs together may use; as many as the machine has cores when left out. Jobs under
 *   way share them evenly; results do not depend on their number.
 * @throws WorldError BACKEND_MISSING when the addon is not built or a library of it is not installed.
 */
export function createAligner(options: { readonly threads?: number } = {}): Aligner {
  const native = loadVisionAddon<unknown, unknown, NativeAligner>().createAligner(options.threads ?? 0);
  return {
    resample: (request, { signal } = {}) => answered(() => native.resample(request), signal, asNearfarError),
    matchRadially: (request, { signal } = {}) =>
      answered(() => native.matchRadially(request), signal, asNearfarError),
    fuse: (request, { signal } = {}) => answered(() => native.fuse(request), signal, asNearfarError),
    alignPlanes: (request, { signal } = {}) =>
      answered(() => native.alignPlanes(request), signal, asNearfarError),
    flowSparsely: (request, { signal } = {}) =>
      answered(() => native.flowSparsely(request), signal, asNearfarError),
    readRawFile: (path, { signal } = {}) => answered(() => native.readRawFile(path), signal, asNearfarError),
    close: () => native.close(),
  };
}

/** What the native side says; other errors are passed on. */
function asNearfarError(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const code = "code" in cause ? cause.code : undefined;
  if (code === "USAGE" || cause instanceof TypeError) {
    const advice = "Put together the request as src/native/aligner.ts describes it.";
    return new CallerError("USAGE", cause.message, { advice, cause });
  }
  if (code === "FILE_CORRUPT") {
    const advice = "Compare the file's sha256 with its record; restore it from a backup if it differs.";
    return new WorldError(code, cause.message, { advice, cause });
  }
  if (code === "STORE_IO") {
    return new WorldError(code, cause.message, {
      advice: "Check that the file is there and may be read.",
      cause,
    });
  }
  if (code !== "CLOSED" && code !== "CANCELLED") return cause;
  return new CallerError("CLOSED", "the aligner is closed", {
    advice: "Close it only after the last request.",
    cause,
  });
}
