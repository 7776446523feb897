/** CRC-16/CCITT-FALSE: polynomial 0x1021, start value 0xFFFF, no reflection, no final XOR. */
const polynomial = 0x1021;
const startValue = 0xffff;

const table = Uint16Array.from({ length: 256 }, (_, index) => {
  let remainder = index << 8;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder & 0x8000) !== 0 ? (remainder << 1) ^ polynomial : remainder << 1;
  }
  return remainder & 0xffff;
});

/** CRC-16/CCITT-FALSE of `bytes`; 0x29B1 for the ASCII digits "123456789". */
export function crc16(bytes: Uint8Array): number {
  let crc = startValue;
  for (const byte of bytes) {
    crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] as number);
  }
  return crc;
}
