/** A page-aligned buffer, which direct I/O (O_DIRECT) demands and Buffer does not give. */

/** Alignment of address, offset and length that every Linux block device accepts. */
export const directIoAlignmentBytes = 4096;

/** TypeScript knows WebAssembly only with the browser's library. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => { readonly buffer: SharedArrayBuffer };
};

const wasmPageBytes = 65_536;

/**
 * `bytes` (a multiple of 64 KiB) of zeros. They live in a WebAssembly memory, whose start is page
 * aligned; nothing else of WebAssembly is used.
 */
export function allocateAlignedBuffer(bytes: number): Uint8Array<SharedArrayBuffer> {
  const pages = bytes / wasmPageBytes;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return new Uint8Array(memory.buffer, 0, bytes);
}
