import type { NativeCamera, NativeFrame } from "../../native/aravis.js";
import type { PixelFormat } from "../../schema/pixel-format.js";
import type { CameraFrame, FrameStatus } from "../contract/camera.js";
import type { BufferPool, FrameBuffer } from "./buffer-pool.js";

/**
 * The frames of one arm: turns native frames into {@link CameraFrame}s and knows where each
 * buffer is. Running until `end`, then only draining what had arrived, until `abandon`.
 */
export class ArmedStream {
  readonly #native: NativeCamera;
  readonly #pool: BufferPool;
  readonly #buffers: readonly FrameBuffer[];
  readonly #pixelFormat: PixelFormat;
  /** Buffers that a consumer has not released. */
  readonly #out = new Set<number>();
  #phase: "running" | "draining" | "abandoned" = "running";
  #notify: (() => void) | null = null;

  constructor(native: NativeCamera, pool: BufferPool, buffers: readonly FrameBuffer[], format: PixelFormat) {
    this.#native = native;
    this.#pool = pool;
    this.#buffers = buffers;
    this.#pixelFormat = format;
  }

  /** The next frame, or null when none will come any more. Rejects with the addon's CAMERA_LOST. */
  async next(stopped: () => boolean): Promise<CameraFrame | null> {
    while (this.#phase !== "abandoned" && !stopped()) {
      const frame = this.#native.take();
      if (frame !== null) return this.#deliver(frame);
      if (this.#phase === "draining") return null;
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
    return null;
  }

  /** A frame may have arrived, or the consumer wants to stop waiting. */
  wake(): void {
    this.#notify?.();
    this.#notify = null;
  }

  /** Acquisition has stopped. */
  end(): void {
    if (this.#phase === "running") this.#phase = "draining";
    this.wake();
  }

  /** Gives every buffer that nobody holds back to the pool; the others follow at their release. */
  abandon(): void {
    if (this.#phase === "abandoned") return;
    this.#phase = "abandoned";
    this.#buffers.forEach((buffer, index) => {
      if (!this.#out.has(index)) this.#pool.give(buffer);
    });
    this.wake();
  }

  #deliver(frame: NativeFrame): CameraFrame {
    const { buffer: index, imageBytes, status, ...described } = frame;
    const buffer = this.#buffers[index];
    if (buffer === undefined) throw new Error(`the addon delivered an unknown buffer ${index}`);
    this.#out.add(index);
    let held = true;
    return {
      ...described,
      status: status as FrameStatus,
      pixelFormat: this.#pixelFormat,
      payload: buffer.subarray(0, imageBytes),
      release: () => {
        if (held) this.#takeBack(index, buffer);
        held = false;
      },
    };
  }

  #takeBack(index: number, buffer: FrameBuffer): void {
    this.#out.delete(index);
    if (this.#phase === "running") this.#native.release(index);
    if (this.#phase === "abandoned") this.#pool.give(buffer);
  }
}
