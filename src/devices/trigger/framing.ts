/**
 * Frames of the trigger link: COBS( kind · seq · address · payload · crc16 ) 0x00, all
 * little-endian (native/protocol/PROTOCOL.md).
 */

import { crc16 } from "../../base/crc16.js";
import { CobsDecoder, cobsEncode } from "./cobs.js";

const headerBytes = 3;
const crcBytes = 2;

export interface Frame {
  readonly kind: number;
  /** 0–255: of the request for replies, counting events for events. */
  readonly seq: number;
  readonly address: number;
  readonly payload: Uint8Array;
}

/** The bytes of `frame` as they go over the wire, closing 0x00 included. */
export function encodeFrame(frame: Frame): Uint8Array {
  const bytes = new Uint8Array(headerBytes + frame.payload.length + crcBytes);
  bytes[0] = frame.kind;
  bytes[1] = frame.seq;
  bytes[2] = frame.address;
  bytes.set(frame.payload, headerBytes);
  const crcAt = bytes.length - crcBytes;
  new DataView(bytes.buffer).setUint16(crcAt, crc16(bytes.subarray(0, crcAt)), true);
  return cobsEncode(bytes);
}

/** Length on the wire of a frame with this payload: stuffing and closing 0x00 add one byte each. */
export function wireBytes(payloadBytes: number): number {
  return headerBytes + payloadBytes + crcBytes + 2;
}

/**
 * Finds frames in a stream of bytes that may hold anything. A damaged frame is dropped and
 * counted, and the next 0x00 brings it back in step; empty frames are fill and not counted.
 */
export class FrameDecoder {
  readonly #cobs: CobsDecoder;
  #badFrames = 0;

  /** @param maxPayloadBytes longer frames are bad frames */
  constructor(maxPayloadBytes: number) {
    this.#cobs = new CobsDecoder(headerBytes + maxPayloadBytes + crcBytes);
  }

  /** Frames dropped since construction: broken stuffing, wrong length or wrong CRC. */
  get badFrames(): number {
    return this.#badFrames;
  }

  /** Feeds `chunk` and calls `onFrame` for each sound frame in it; payloads are copies. */
  push(chunk: Uint8Array, onFrame: (frame: Frame) => void): void {
    for (const byte of chunk) {
      const step = this.#cobs.step(byte);
      if (step === "more" || step === "empty") continue;
      const frame = step === "complete" ? parseFrame(this.#cobs.frame) : null;
      if (frame === null) this.#badFrames++;
      else onFrame(frame);
    }
  }
}

function parseFrame(bytes: Uint8Array): Frame | null {
  const crcAt = bytes.length - crcBytes;
  if (crcAt < headerBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(crcAt, true) !== crc16(bytes.subarray(0, crcAt))) return null;
  return {
    kind: view.getUint8(0),
    seq: view.getUint8(1),
    address: view.getUint8(2),
    payload: bytes.slice(headerBytes, crcAt),
  };
}
