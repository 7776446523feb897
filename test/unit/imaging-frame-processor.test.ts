import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { createFrameProcessor } from "../../src/imaging/frame-processor.js";
import { measureQuality } from "../../src/imaging/frame-quality.js";
import { readTiff } from "../../src/imaging/tiff-reader.js";
import { grayTexture, litPanel, panelCorners } from "../support/led-panel-scene.js";
import {
  type CameraModel,
  camera,
  exposeSamples,
  type Scene,
  toRawFrame,
} from "../support/synthetic-frame.js";

const processor = createFrameProcessor({ workers: 2 });
afterAll(() => processor.close());

const description = { cameraSerial: "N-1", shotId: 12 };

function frameOf(scene: Scene, widthPx: number, heightPx: number, changes: Partial<CameraModel> = {}) {
  const stored = exposeSamples(scene, camera(widthPx, heightPx, changes));
  return { stored, raw: toRawFrame(stored) };
}

describe("processFrame", () => {
  it.each(["Mono12", "Mono12p", "BayerRG12", "Mono8", "RGB8"] as const)(
    "stores %s losslessly",
    async (pixelFormat) => {
      const changes = pixelFormat.endsWith("8") ? { bitDepth: 8, blackLevel: 4, whiteLevel: 250 } : {};
      const mount = { rotationDeg: 90, mirrored: true } as const;
      const { stored, raw } = frameOf(grayTexture, 61, 43, { pixelFormat, mount, noise: 3, ...changes });
      const { tiffParts, quality, led } = await processor.processFrame({ ...raw, description });
      const file = readTiff(Buffer.concat(tiffParts));
      expect(file.samples).toEqual(new Uint16Array(stored.samples));
      expect(file.description).toMatchObject({ pixelFormat, mount, source: description });
      expect(quality).toEqual(measureQuality(stored));
      expect(led).toBeNull();
    },
  );

  it("does not copy the payload of a 16-bit format", async () => {
    const { raw } = frameOf(grayTexture, 64, 48);
    const { tiffParts } = await processor.processFrame({ ...raw, description });
    const pixels = tiffParts.at(-1) as Uint8Array;
    raw.payload[5] = 0xa5;
    expect(pixels[5]).toBe(0xa5);
    raw.payload[5] = 0x5a;
    expect(pixels[5]).toBe(0x5a);
  });

  it("reads the LED counter where corners are given", async () => {
    const { raw } = frameOf(litPanel(320, 240, 77, 123_456_789_012n), 320, 240, {
      pixelFormat: "Mono12p",
      mount: { rotationDeg: 180, mirrored: true },
    });
    const { led } = await processor.processFrame({ ...raw, ledCorners: panelCorners, description });
    expect(led).toEqual({ kind: "read", shotId: 77, tick: 123_456_789_012n });
  });

  it("takes a frame that carries more than it needs", async () => {
    const { raw } = frameOf(grayTexture, 64, 48);
    const cameraFrame = { ...raw, release: () => {}, description };
    await expect(processor.processFrame(cameraFrame)).resolves.toHaveProperty("quality");
  });

  it("refuses a payload of another size", async () => {
    const { raw } = frameOf(grayTexture, 64, 48);
    await expect(processor.processFrame({ ...raw, heightPx: 47, description })).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  it("refuses work after close", async () => {
    const closed = createFrameProcessor({ workers: 1 });
    await closed.close();
    await closed.close();
    const { raw } = frameOf(grayTexture, 64, 48);
    await expect(closed.processFrame({ ...raw, description })).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("renderPreview", () => {
  async function preview(
    scene: Scene,
    widthPx: number,
    heightPx: number,
    longEdgePx: number,
    changes: Partial<CameraModel>,
  ) {
    const { raw } = frameOf(scene, widthPx, heightPx, changes);
    const jpeg = await processor.renderPreview(raw, { longEdgePx });
    return sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  }

  it.each([
    [640, 480, 160, [160, 120]],
    [480, 640, 200, [150, 200]],
    [100, 50, 400, [100, 50]],
  ] as const)("makes %i × %i px at most %i px long", async (widthPx, heightPx, longEdgePx, size) => {
    const { info } = await preview(grayTexture, widthPx, heightPx, longEdgePx, {});
    expect([info.width, info.height]).toEqual(size);
  });

  it("follows the sRGB transfer function, with saturation at 255", async () => {
    // Linear 0.214 is 50 % gray in sRGB: signal 127.6.
    for (const [share, signal] of [
      [0, 0],
      [0.0025, 8.2],
      [0.214, 127.6],
      [1, 255],
      [3, 255],
    ] as const) {
      const { data } = await preview(() => [share, share, share], 64, 64, 16, {
        pixelFormat: "Mono16",
        bitDepth: 16,
        whiteLevel: 60_000,
      });
      expect(Math.abs((data[100] as number) - signal)).toBeLessThanOrEqual(1);
    }
  });

  it.each(["BayerRG12", "BayerGB12", "BayerGR12", "BayerBG12", "RGB8"] as const)(
    "shows %s upright, un-mirrored and in its colors",
    async (pixelFormat) => {
      const range = pixelFormat === "RGB8" ? { bitDepth: 8, blackLevel: 4, whiteLevel: 250 } : {};
      for (const rotationDeg of [0, 90, 180, 270] as const) {
        const mount = { rotationDeg, mirrored: true };
        const { data, info } = await preview(fourColors(160, 120), 160, 120, 80, {
          pixelFormat,
          mount,
          ...range,
        });
        expect([info.width, info.height]).toEqual([80, 60]);
        const at = (u: number, v: number) => [...data.subarray((v * 80 + u) * 3, (v * 80 + u) * 3 + 3)];
        expect(at(20, 15).map(isBright)).toEqual([true, false, false]);
        expect(at(60, 15).map(isBright)).toEqual([false, true, false]);
        expect(at(20, 45).map(isBright)).toEqual([false, false, true]);
        expect(at(60, 45).map(isBright)).toEqual([true, true, true]);
      }
    },
  );

  it.each([0, -5, 1.5, Number.NaN])("refuses a long edge of %d px", async (longEdgePx) => {
    const { raw } = frameOf(grayTexture, 64, 48);
    await expect(processor.renderPreview(raw, { longEdgePx })).rejects.toMatchObject({ code: "USAGE" });
  });
});

/** Red, green, blue and white quarters, from the top left. */
function fourColors(widthPx: number, heightPx: number): Scene {
  return (u, v) => {
    const right = u >= widthPx / 2;
    if (v < heightPx / 2) return right ? [0.05, 0.8, 0.05] : [0.8, 0.05, 0.05];
    return right ? [0.8, 0.8, 0.8] : [0.05, 0.05, 0.8];
  };
}

function isBright(signal: number): boolean {
  return signal > 180;
}
