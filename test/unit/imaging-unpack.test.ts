import { describe, expect, it } from "vitest";
import { CallerError } from "../../src/base/errors.js";
import { pixelLayouts } from "../../src/imaging/pixel-layout.js";
import type { RawFrame } from "../../src/imaging/raw-frame.js";
import { unpackSamples } from "../../src/imaging/unpack.js";
import { type PixelFormat, pixelFormats } from "../../src/schema/pixel-format.js";
import { seededUniform } from "../support/noise.js";
import { packSamples } from "../support/synthetic-frame.js";

function frameOf(
  payload: readonly number[],
  pixelFormat: PixelFormat,
  widthPx: number,
  heightPx: number,
): RawFrame {
  const bytes = new Uint8Array(new SharedArrayBuffer(payload.length));
  bytes.set(payload);
  const mount = { rotationDeg: 0, mirrored: false } as const;
  return {
    payload: bytes,
    widthPx,
    heightPx,
    pixelFormat,
    bitDepth: 12,
    blackLevel: 0,
    whiteLevel: 4095,
    mount,
  };
}

describe("unpackSamples", () => {
  it("follows PFNC's bit order for Mono12p", () => {
    // p0 = 0xABC, p1 = 0x123: byte 0 = p0[7:0], byte 1 = p1[3:0] << 4 | p0[11:8], byte 2 = p1[11:4].
    const samples = unpackSamples(frameOf([0xbc, 0x3a, 0x12], "Mono12p", 2, 1));
    expect([...samples]).toEqual([0xabc, 0x123]);
  });

  it("takes an odd number of packed pixels, without padding between rows", () => {
    const samples = unpackSamples(frameOf([0xbc, 0x3a, 0x12, 0xff, 0x0f], "Mono12p", 1, 3));
    expect([...samples]).toEqual([0xabc, 0x123, 0xfff]);
  });

  it("reads 16-bit containers little-endian", () => {
    expect([...unpackSamples(frameOf([0xbc, 0x0a, 0x34, 0x12], "Mono16", 2, 1))]).toEqual([0x0abc, 0x1234]);
  });

  it.each(pixelFormats)("gives back the samples of a %s payload", (pixelFormat) => {
    const uniform = seededUniform(7);
    const { containerBits, samplesPerPixel } = pixelLayouts[pixelFormat];
    const ceiling = 2 ** (pixelFormat.includes("12") ? 12 : containerBits);
    const sent = Uint16Array.from({ length: 7 * 5 * samplesPerPixel }, () => uniform() * ceiling);
    const payload = packSamples(sent, pixelFormat);
    expect(unpackSamples(frameOf([...payload], pixelFormat, 7, 5))).toEqual(new Uint16Array(sent));
  });

  it("does not copy what already is uint16", () => {
    const frame = frameOf([1, 0, 2, 0], "Mono12", 2, 1);
    const samples = unpackSamples(frame);
    expect(samples.buffer).toBe(frame.payload.buffer);
  });

  it("reads a payload that starts at an odd address", () => {
    const whole = frameOf([9, 0xbc, 0x0a, 0x34, 0x12], "Mono16", 2, 1);
    const samples = unpackSamples({ ...whole, payload: whole.payload.subarray(1) });
    expect([...samples]).toEqual([0x0abc, 0x1234]);
  });

  it.each([
    ["too short", [1, 2, 3], 2, 1],
    ["too long", [1, 2, 3, 4, 5], 2, 1],
    ["of no size", [], 0, 0],
    ["of half a pixel", [1, 2, 3], 1.5, 1],
  ])("refuses a payload %s", (_, payload, widthPx, heightPx) => {
    expect(() => unpackSamples(frameOf(payload, "Mono16", widthPx, heightPx))).toThrow(CallerError);
  });
});
