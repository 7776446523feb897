/**
 * The LED counter: 12 × 8 LEDs, row-major from the top left of the upright, un-mirrored image.
 * Bits 0-31 shot id, 32-79 board tick at the start of this camera's exposure, 80-95 CRC-16 over those
 * ten bytes; each field least significant bit first.
 */
import { crc16 } from "../base/crc16.js";

export const ledColumns = 12;
export const ledRows = 8;
export const ledCount = ledColumns * ledRows;

export interface LedNumber {
  readonly shotId: number;
  /** Board tick (62.5 ns) at which this camera's exposure started. */
  readonly tick: bigint;
}

/** @param number shotId below 2^32, tick below 2^48. @returns 96 bits, true is lit. */
export function encodeLedBits(number: LedNumber): readonly boolean[] {
  const bytes = new Uint8Array(ledCount / 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, number.shotId, true);
  view.setUint32(4, Number(number.tick & 0xffff_ffffn), true);
  view.setUint16(8, Number((number.tick >> 32n) & 0xffffn), true);
  view.setUint16(10, crc16(bytes.subarray(0, 10)), true);
  return Array.from({ length: ledCount }, (_, bit) => bitOf(bytes, bit));
}

/** @returns null when the CRC does not fit. */
export function decodeLedBits(bits: readonly boolean[]): LedNumber | null {
  const bytes = new Uint8Array(ledCount / 8);
  bits.forEach((lit, bit) => {
    if (lit) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7));
  });
  const view = new DataView(bytes.buffer);
  if (view.getUint16(10, true) !== crc16(bytes.subarray(0, 10))) return null;
  const tick = BigInt(view.getUint32(4, true)) | (BigInt(view.getUint16(8, true)) << 32n);
  return { shotId: view.getUint32(0, true), tick };
}

function bitOf(bytes: Uint8Array, bit: number): boolean {
  return (((bytes[bit >> 3] as number) >> (bit & 7)) & 1) === 1;
}
