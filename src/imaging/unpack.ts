/** Camera payload → uint16 samples, least-significant-bit aligned (the form that is stored). */
import { CallerError } from "../base/errors.js";
import { payloadBytes, pixelLayouts, sampleCount } from "./pixel-layout.js";
import type { RawFrame } from "./raw-frame.js";

type Samples = Uint16Array<SharedArrayBuffer>;

/**
 * @returns widthPx × heightPx × samplesPerPixel samples. Formats in 16-bit containers come back as
 *   a view of the payload (no copy, unless it starts at an odd address); others in new memory.
 * @throws CallerError USAGE when the payload does not have the size its format needs.
 */
export function unpackSamples(frame: RawFrame): Samples {
  requirePayloadSize(frame);
  const count = sampleCount(frame.pixelFormat, frame);
  switch (pixelLayouts[frame.pixelFormat].containerBits) {
    case 8:
      return widen8(frame.payload, count);
    case 12:
      return unpack12p(frame.payload, count);
    case 16:
      return view16(frame.payload, count);
  }
}

/** @throws CallerError USAGE unless the payload is as long as size and format say. */
export function requirePayloadSize(frame: RawFrame): void {
  const { widthPx, heightPx, pixelFormat, payload } = frame;
  const expected = payloadBytes(pixelFormat, frame);
  const sizeIsValid = Number.isInteger(widthPx) && Number.isInteger(heightPx) && widthPx > 0 && heightPx > 0;
  if (sizeIsValid && payload.byteLength === expected) return;
  throw new CallerError(
    "USAGE",
    `a ${pixelFormat} frame of ${widthPx} × ${heightPx} px needs ${expected} bytes; the payload has ${payload.byteLength}`,
    { advice: "Check that region and pixel format of the camera are those of the rig config." },
  );
}

function allocate(count: number): Samples {
  return new Uint16Array(new SharedArrayBuffer(count * 2));
}

function widen8(payload: Uint8Array, count: number): Samples {
  const samples = allocate(count);
  samples.set(payload);
  return samples;
}

/**
 * PFNC `Mono12p`, least significant bit first: byte 0 = p0[7:0], byte 1 = p1[3:0] << 4 | p0[11:8],
 * byte 2 = p1[11:4]. An odd last sample takes two bytes, the upper half of the second unused.
 */
function unpack12p(payload: Uint8Array, count: number): Samples {
  const samples = allocate(count);
  const paired = count & ~1;
  let byte = 0;
  for (let i = 0; i < paired; i += 2, byte += 3) {
    const middle = payload[byte + 1] as number;
    samples[i] = (payload[byte] as number) | ((middle & 0x0f) << 8);
    samples[i + 1] = (middle >> 4) | ((payload[byte + 2] as number) << 4);
  }
  if (paired < count)
    samples[paired] = (payload[byte] as number) | (((payload[byte + 1] as number) & 0x0f) << 8);
  return samples;
}

function view16(payload: Uint8Array<SharedArrayBuffer>, count: number): Samples {
  if (payload.byteOffset % 2 === 0) return new Uint16Array(payload.buffer, payload.byteOffset, count);
  const samples = allocate(count);
  new Uint8Array(samples.buffer).set(payload);
  return samples;
}
