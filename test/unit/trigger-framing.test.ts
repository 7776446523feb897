import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crc16 } from "../../src/base/crc16.js";
import { cobsEncode } from "../../src/devices/trigger/cobs.js";
import { encodeFrame, type Frame, FrameDecoder, wireBytes } from "../../src/devices/trigger/framing.js";
import { frameKinds, maxPayloadBytes } from "../../src/devices/trigger/generated/protocol.js";

interface GoldenVector {
  name: string;
  kind: keyof typeof frameKinds;
  address: number;
  seq: number;
  payloadHex: string;
  frameHex: string;
}
const goldenPath = new URL("../../native/protocol/golden.json", import.meta.url);
const golden = JSON.parse(readFileSync(goldenPath, "utf8")) as { vectors: GoldenVector[] };

function decodeAll(decoder: FrameDecoder, bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  decoder.push(bytes, (frame) => frames.push(frame));
  return frames;
}

const ping = { kind: frameKinds.read, seq: 7, address: 0x06, payload: new Uint8Array(0) };

describe("crc16", () => {
  it("has the check value of CRC-16/CCITT-FALSE", () => {
    expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x29b1);
  });
});

describe("frames against the golden vectors that the firmware is tested with", () => {
  it("has vectors of every kind", () => {
    expect(new Set(golden.vectors.map((vector) => vector.kind)).size).toBe(Object.keys(frameKinds).length);
  });

  it.each(golden.vectors)("$name", (vector) => {
    const frame: Frame = {
      kind: frameKinds[vector.kind],
      seq: vector.seq,
      address: vector.address,
      payload: Uint8Array.from(Buffer.from(vector.payloadHex, "hex")),
    };
    const wire = encodeFrame(frame);
    expect(Buffer.from(wire).toString("hex")).toBe(vector.frameHex);
    expect(wire.length).toBe(wireBytes(frame.payload.length));
    const decoder = new FrameDecoder(maxPayloadBytes);
    expect(decodeAll(decoder, wire)).toEqual([frame]);
    expect(decoder.badFrames).toBe(0);
  });
});

describe("cobsEncode", () => {
  it.each([0, 1, 253, 254, 255, 508, 600])("stuffs %i bytes without a zero as the paper does", (length) => {
    const bytes = new Uint8Array(length).fill(0x11);
    const stuffed = cobsEncode(bytes);
    expect(stuffed.indexOf(0)).toBe(stuffed.length - 1);
    expect(stuffed.length).toBe(length + Math.max(1, Math.ceil(length / 254)) + 1);
  });
});

describe("FrameDecoder", () => {
  it("takes frames that come byte by byte", () => {
    const decoder = new FrameDecoder(maxPayloadBytes);
    const frames = [...encodeFrame(ping)].flatMap((byte) => decodeAll(decoder, Uint8Array.of(byte)));
    expect(frames).toEqual([ping]);
  });

  it("takes several frames from one chunk, and skips empty ones without counting them", () => {
    const wire = encodeFrame(ping);
    const decoder = new FrameDecoder(maxPayloadBytes);
    expect(decodeAll(decoder, Uint8Array.from([0, 0, ...wire, 0, ...wire]))).toHaveLength(2);
    expect(decoder.badFrames).toBe(0);
  });

  it("notices every single flipped bit of a frame", () => {
    const wire = encodeFrame({ ...ping, payload: Uint8Array.of(1, 0, 2, 255) });
    for (let bit = 0; bit < 8 * wire.length; bit++) {
      const damaged = Uint8Array.from(wire);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      const decoder = new FrameDecoder(maxPayloadBytes);
      expect(decodeAll(decoder, Uint8Array.from([...damaged, 0]))).toEqual([]);
      expect(decoder.badFrames).toBeGreaterThan(0);
    }
  });

  it("is in step again after noise of any length", () => {
    const decoder = new FrameDecoder(maxPayloadBytes);
    const noise = new Uint8Array(5000).fill(0x5a);
    expect(decodeAll(decoder, Uint8Array.from([...noise, 0, ...encodeFrame(ping)]))).toEqual([ping]);
    expect(decoder.badFrames).toBe(1);
  });

  it("refuses a frame longer than the protocol's longest", () => {
    const decoder = new FrameDecoder(maxPayloadBytes);
    const payload = new Uint8Array(maxPayloadBytes + 1);
    expect(decodeAll(decoder, encodeFrame({ ...ping, payload }))).toEqual([]);
    expect(decodeAll(decoder, encodeFrame(ping))).toEqual([ping]);
  });

  it("hands out payloads that later frames do not overwrite", () => {
    const decoder = new FrameDecoder(maxPayloadBytes);
    const [first] = decodeAll(decoder, encodeFrame({ ...ping, payload: Uint8Array.of(1, 2, 3) }));
    decodeAll(decoder, encodeFrame({ ...ping, payload: Uint8Array.of(9, 9, 9) }));
    expect(first?.payload).toEqual(Uint8Array.of(1, 2, 3));
  });
});
