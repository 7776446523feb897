/**
 * Consistent Overhead Byte Stuffing (Cheshire and Baker 1999): frames without zero bytes, so that
 * 0x00 always means "end of frame" and a receiver is in step again at the next one.
 */
export const frameEnd = 0x00;

/** Longest run that one code byte can announce; such a run stands for no zero. */
const fullRun = 0xff;

/** `bytes` stuffed and closed with {@link frameEnd}: one byte more per 254, plus two. */
export function cobsEncode(bytes: Uint8Array): Uint8Array {
  const stuffed = new Uint8Array(bytes.length + Math.ceil((bytes.length + 1) / (fullRun - 1)) + 1);
  let codeAt = 0;
  let end = 1;
  const closeRun = (): void => {
    stuffed[codeAt] = end - codeAt;
    codeAt = end++;
  };
  for (const byte of bytes) {
    if (end - codeAt === fullRun) closeRun();
    if (byte === 0) closeRun();
    else stuffed[end++] = byte;
  }
  closeRun();
  stuffed[codeAt] = frameEnd;
  return stuffed.subarray(0, codeAt + 1);
}

/** What a byte did to the frame that is being received. */
export type CobsStep = "more" | "complete" | "broken" | "empty";

/** Unstuffs byte by byte into a fixed buffer; a frame that does not fit is broken. */
export class CobsDecoder {
  readonly #buffer: Uint8Array;
  #length = 0;
  /** Code byte of the run in progress; 0 before the first byte of a frame. */
  #code = 0;
  #left = 0;
  #tooLong = false;

  constructor(maxBytes: number) {
    this.#buffer = new Uint8Array(maxBytes);
  }

  /** The frame after "complete"; overwritten by the next call of {@link step}. */
  get frame(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  step(byte: number): CobsStep {
    if (byte === frameEnd) return this.#finish();
    if (this.#code === 0) this.#length = 0;
    if (this.#left > 0) {
      this.#append(byte);
      this.#left--;
    } else {
      if (this.#code !== 0 && this.#code !== fullRun) this.#append(0);
      this.#code = byte;
      this.#left = byte - 1;
    }
    return "more";
  }

  #append(byte: number): void {
    if (this.#length === this.#buffer.length) this.#tooLong = true;
    else this.#buffer[this.#length++] = byte;
  }

  #finish(): CobsStep {
    const step = this.#code === 0 ? "empty" : this.#left > 0 || this.#tooLong ? "broken" : "complete";
    this.#code = 0;
    this.#left = 0;
    this.#tooLong = false;
    return step;
  }
}
