/** Shared memory for one camera's frames, kept from one arm to the next. */
export type FrameBuffer = Uint8Array<SharedArrayBuffer>;

/** Enough to ride out a slow disk for some frames; 5 MP at 16 bits stay below 90 MB. */
const mostBuffers = 8;
const fewestBuffers = 4;
const budgetBytes = 128 * 1024 * 1024;

/** How many buffers a camera gets for frames of this size. */
export function bufferCountFor(payloadBytes: number): number {
  return Math.max(fewestBuffers, Math.min(mostBuffers, Math.floor(budgetBytes / payloadBytes)));
}

export class BufferPool {
  #free: FrameBuffer[] = [];

  /** Buffers of exactly `bytes`; those of another size are let go. */
  take(count: number, bytes: number): FrameBuffer[] {
    this.#free = this.#free.filter((buffer) => buffer.byteLength === bytes);
    const taken = this.#free.splice(0, count);
    while (taken.length < count) taken.push(new Uint8Array(new SharedArrayBuffer(bytes)));
    return taken;
  }

  give(buffer: FrameBuffer): void {
    this.#free.push(buffer);
  }
}
