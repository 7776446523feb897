/** What native/vision does to align a pair, on threads of its own. */
import type { FusedView, FuseRequest, RadialMatch, RadialMatchRequest } from "./radial-match.js";
import type { Resampled, ResampleRequest } from "./resample.js";
import type { SparseFlow, SparseFlowRequest } from "./sparse-flow.js";

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
  readRawFile(path: string, options?: AlignerOptions): Promise<RawFile>;
  /** Ends what is under way (it rejects with CLOSED) and then the threads. May be called twice. */
  close(): Promise<void>;
}
