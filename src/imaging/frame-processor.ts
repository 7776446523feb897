/** What capture needs of a frame's pixels, done on worker threads. */
import type { FrameQuality } from "../schema/records.js";
import { createImagingPool, type ImagingPool } from "./imaging-pool.js";
import type { LedReading } from "./led-counter.js";
import { encodePreview, requireLongEdge } from "./preview.js";
import type { LedCorners, RawFrame } from "./raw-frame.js";
import { requirePayloadSize } from "./unpack.js";

export interface FrameInput extends RawFrame {
  /** Where the LED counter stands; it is read when this is given. */
  readonly ledCorners?: LedCorners | undefined;
  /** Kept in the TIFF's ImageDescription as `source`: anything JSON that says where the frame came from. */
  readonly description: Readonly<Record<string, unknown>>;
}

export interface ProcessedFrame {
  /**
   * The file in parts to be written one after the other: a header, then the samples. With a 16-bit
   * pixel format the samples *are* `input.payload` (no copy): release the camera's buffer only
   * after the parts are written.
   */
  readonly tiffParts: readonly Uint8Array<SharedArrayBuffer>[];
  readonly quality: FrameQuality;
  /** null when no `ledCorners` were given. */
  readonly led: LedReading | null;
}

export interface PreviewOptions {
  /** Longer side of the JPEG; never more than the image has (half of it for a mosaic). */
  readonly longEdgePx: number;
}

export interface FrameProcessorOptions {
  /** Worker threads; one per core by default. They start on demand. */
  readonly workers?: number;
}

/**
 * Jobs run in parallel, one per worker, in the order of the calls. The payload must stay as it is
 * until the promise settles. Every call rejects with the signal's reason when that aborts,
 * `CallerError` CLOSED after `close`, `CallerError` USAGE when the payload does not fit the size
 * and format, `WorldError` WORKER_FAILED when the worker thread died (it is replaced).
 */
export interface FrameProcessor {
  processFrame(input: FrameInput, signal?: AbortSignal): Promise<ProcessedFrame>;
  /** An upright, un-mirrored sRGB JPEG. */
  renderPreview(input: RawFrame, options: PreviewOptions, signal?: AbortSignal): Promise<Uint8Array>;
  /** Waits for the jobs in hand, then ends the workers. May be called twice. */
  close(): Promise<void>;
}

export function createFrameProcessor(options: FrameProcessorOptions = {}): FrameProcessor {
  return new PooledFrameProcessor(createImagingPool(options.workers));
}

class PooledFrameProcessor implements FrameProcessor {
  readonly #pool: ImagingPool;

  constructor(pool: ImagingPool) {
    this.#pool = pool;
  }

  async processFrame(input: FrameInput, signal?: AbortSignal): Promise<ProcessedFrame> {
    requirePayloadSize(input);
    const { ledCorners, description } = input;
    return this.#pool.run("analyse", { ...cloneable(input), ledCorners, description }, signal);
  }

  async renderPreview(input: RawFrame, options: PreviewOptions, signal?: AbortSignal): Promise<Uint8Array> {
    const { longEdgePx } = options;
    requirePayloadSize(input);
    requireLongEdge(longEdgePx);
    const pixels = await this.#pool.run("preview", { frame: cloneable(input), longEdgePx }, signal);
    return encodePreview(pixels, longEdgePx);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** The fields of a raw frame alone: a caller's frame may carry more, such as methods, that no thread can take. */
function cloneable(frame: RawFrame): RawFrame {
  const { payload, widthPx, heightPx, pixelFormat, bitDepth, blackLevel, whiteLevel, mount } = frame;
  return { payload, widthPx, heightPx, pixelFormat, bitDepth, blackLevel, whiteLevel, mount };
}
