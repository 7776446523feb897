/**
 * The framing once more, on purpose: golden vectors must not come from the code they test.
 * COBS(message · crc16) 0x00 with CRC-16/CCITT-FALSE over the message, low byte first.
 */

export function crc16(bytes: readonly number[]): number {
  let remainder = 0xffff;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = (remainder >> 15) ^ ((byte >> bit) & 1);
      remainder = ((remainder << 1) & 0xffff) ^ (carry === 1 ? 0x1021 : 0);
    }
  }
  return remainder;
}

/** Splits at the zeros; each run is sent behind its length plus one. At most 253 bytes without a zero. */
function cobs(bytes: readonly number[]): number[] {
  const runs: number[][] = [[]];
  for (const byte of bytes) {
    if (byte === 0) runs.push([]);
    else runs.at(-1)?.push(byte);
  }
  return runs.flatMap((run) => {
    if (run.length > 253) throw new RangeError("a run without a zero is too long");
    return [run.length + 1, ...run];
  });
}

/** The whole frame with its closing zero. */
export function frame(kind: number, seq: number, address: number, payload: readonly number[]): number[] {
  const message = [kind, seq, address, ...payload];
  const crc = crc16(message);
  return [...cobs([...message, crc & 0xff, crc >> 8]), 0];
}
