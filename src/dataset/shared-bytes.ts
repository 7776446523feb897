/** Text on shared memory, as writer threads take it. */

/** UTF-8. */
export function sharedBytes(text: string): Uint8Array<SharedArrayBuffer> {
  const encoded = Buffer.from(text);
  const bytes = new Uint8Array(new SharedArrayBuffer(encoded.length));
  bytes.set(encoded);
  return bytes;
}
