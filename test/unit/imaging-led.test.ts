import { describe, expect, it } from "vitest";
import { crc16 } from "../../src/base/crc16.js";
import { decodeFrame } from "../../src/imaging/decode.js";
import { type LedReading, readLedCounter, readLedCounterInImage } from "../../src/imaging/led-counter.js";
import { decodeLedBits, encodeLedBits } from "../../src/imaging/led-panel.js";
import { grayTexture, ledPanelScene, litPanel, panelCorners } from "../support/led-panel-scene.js";
import { seededUniform } from "../support/noise.js";
import {
  blurred,
  type CameraModel,
  camera,
  exposedBy,
  exposeSamples,
  type Scene,
} from "../support/synthetic-frame.js";

const size = { widthPx: 480, heightPx: 360 };
const shotId = 0xdead_beef;
const tick = 0x1234_5678_9abcn;
const isRead: LedReading = { kind: "read", shotId, tick };
const scene = litPanel(size.widthPx, size.heightPx, shotId, tick);

function read(shown: Scene, changes: Partial<CameraModel> = {}): LedReading {
  return readLedCounter(exposeSamples(shown, camera(size.widthPx, size.heightPx, changes)), panelCorners);
}

describe("LED number", () => {
  it("uses CRC-16/CCITT-FALSE", () => {
    expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x29b1);
  });

  it("puts each field least significant bit first", () => {
    const bits = encodeLedBits({ shotId: 1, tick: 1n << 47n });
    expect(bits.slice(0, 80).flatMap((lit, place) => (lit ? [place] : []))).toEqual([0, 79]);
  });

  it("survives a round trip over its whole range", () => {
    const uniform = seededUniform(5);
    for (let i = 0; i < 200; i++) {
      const number = {
        shotId: Math.floor(uniform() * 2 ** 32),
        tick: BigInt(Math.floor(uniform() * 2 ** 48)),
      };
      expect(decodeLedBits(encodeLedBits(number))).toEqual(number);
    }
  });

  it("refuses every single wrong bit and every wrong pair of neighbours", () => {
    const bits = encodeLedBits({ shotId, tick });
    for (let place = 0; place < bits.length; place++) {
      expect(decodeLedBits(bits.map((lit, i) => (i === place ? !lit : lit)))).toBeNull();
      expect(decodeLedBits(bits.map((lit, i) => (i === place || i === place + 1 ? !lit : lit)))).toBeNull();
    }
  });
});

describe("readLedCounter", () => {
  it("reads a clean panel", () => {
    expect(read(scene)).toEqual(isRead);
  });

  it.each(["Mono8", "Mono16", "BayerRG12", "BayerGB12", "RGB8"] as const)("reads %s", (pixelFormat) => {
    const eightBit = { bitDepth: 8, blackLevel: 4, whiteLevel: 250 };
    const changes = pixelFormat.endsWith("8") ? { pixelFormat, ...eightBit } : { pixelFormat };
    expect(read(scene, changes)).toEqual(isRead);
  });

  for (const rotationDeg of [0, 90, 180, 270] as const) {
    for (const mirrored of [false, true]) {
      it(`reads through a mount of ${rotationDeg}°${mirrored ? ", mirrored" : ""}`, () => {
        expect(read(scene, { mount: { rotationDeg, mirrored } })).toEqual(isRead);
      });
    }
  }

  it.each([0.25, 0.5, 2, 4])("reads at %f times the exposure", (factor) => {
    expect(read(exposedBy(scene, factor), { noise: 40 })).toEqual(isRead);
  });

  it.each([
    [-2, -2],
    [2, -2],
    [-2, 2],
    [2, 2],
    [0.5, -1.5],
  ])("reads a panel that stands %f, %f px off", (dx, dy) => {
    const bits = encodeLedBits({ shotId, tick });
    for (const widthPx of [320, 800]) {
      const heightPx = widthPx * 0.75;
      const shifted = ledPanelScene({ widthPx, heightPx, bits, shiftPx: [dx, dy] });
      const frame = exposeSamples(shifted, camera(widthPx, heightPx, { noise: 40 }));
      expect(readLedCounter(frame, panelCorners)).toEqual(isRead);
    }
  });

  it("reads through blur and noise of a tenth of the range", () => {
    expect(read(blurred(scene, 3), { noise: 400 })).toEqual(isRead);
  });

  it("reads a decoded image of a mirrored, turned frame", async () => {
    const model = camera(size.widthPx, size.heightPx, { mount: { rotationDeg: 90, mirrored: true } });
    const image = await decodeFrame(exposeSamples(scene, model));
    expect(readLedCounterInImage(image, panelCorners)).toEqual(isRead);
  });

  it("does not read a panel with one LED wrong", () => {
    const bits = encodeLedBits({ shotId, tick });
    for (const broken of [0, 31, 32, 79, 80, 95]) {
      const wrong = bits.map((lit, i) => (i === broken ? !lit : lit));
      expect(read(ledPanelScene({ ...size, bits: wrong }))).toEqual({ kind: "unreadable", reason: "crc" });
    }
  });

  it("does not read a panel seen in the mirror", () => {
    const mirrored: Scene = (u, v) => scene(size.widthPx * 0.5 - 1 - u, v);
    expect(read(mirrored)).toEqual({ kind: "unreadable", reason: "crc" });
  });

  it.each([
    ["a dark frame", () => [0, 0, 0] as const],
    ["a saturated frame", () => [4, 4, 4] as const],
    ["a texture", grayTexture],
    ["a panel that is hardly lit", exposedBy(scene, 0.02)],
  ])("does not read %s", (_, shown) => {
    expect(read(shown, { noise: 40 })).toEqual({ kind: "unreadable", reason: "contrast" });
  });

  it("does not fall over a frame smaller than the panel's cells", () => {
    const tiny = exposeSamples(scene, camera(16, 16));
    expect(readLedCounter(tiny, panelCorners).kind).toBe("unreadable");
  });
});
