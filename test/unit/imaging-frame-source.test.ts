import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { openFrameSource } from "../../src/imaging/frame-source.js";
import { describeFrame } from "../../src/imaging/tiff-description.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import { createAligner } from "../../src/native/aligner.js";
import type { FrameSource } from "../../src/native/resample.js";
import { type DngOptions, dngBytes } from "../support/dng-bytes.js";
import { plainRequest, shiftBy, sourceOf } from "../support/resample-requests.js";
import { camera, exposeSamples, type Scene } from "../support/synthetic-frame.js";

const folder = mkdtempSync(join(tmpdir(), "nearfar-frames-"));
const aligner = createAligner({ threads: 1 });
afterAll(async () => {
  await aligner.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, ...parts: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const scene: Scene = (u, v) => [0.2 + u / 100, 0.3 + v / 100, 0.5 + (u - v) / 300];
const size = { widthPx: 36, heightPx: 44 };

function resampled(source: FrameSource) {
  return aligner.resample(plainRequest(source, shiftBy(0, 0), size));
}

describe("frames that nearfar stored", () => {
  for (const pixelFormat of ["Mono12", "BayerGR12"] as const) {
    it(`are read where they lie: ${pixelFormat}`, async () => {
      const mount = { rotationDeg: 270, mirrored: true } as const;
      const frame = exposeSamples(scene, camera(36, 44, { pixelFormat, mount }));
      const { widthPx, heightPx, samples } = frame;
      const description = JSON.stringify(describeFrame(frame, { arm: "near" }));
      const header = buildTiffHeader({ widthPx, heightPx, samplesPerPixel: 1, description });
      const path = file(`${pixelFormat}.tif`, header, new Uint8Array(samples.buffer));
      const source = await openFrameSource(path, { mount: { rotationDeg: 0, mirrored: false } });
      const { cfa } = sourceOf(frame);
      expect(source).toMatchObject({ mount, cfa, blackLevel: 64, whiteLevel: 4000, transfer: "linear" });
      expect(source.samples).toEqual({ path, byteOffset: header.byteLength, littleEndian: true });
      expect(await resampled(source)).toEqual(await resampled(sourceOf(frame)));
      const cut = file("cut.tif", header, new Uint8Array(samples.buffer).subarray(1));
      await expect(openFrameSource(cut)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    });
  }
});

describe("pictures", () => {
  const level = (i: number): number => (i * 37) % 251;
  const bytes = Uint8Array.from({ length: 36 * 44 * 3 }, (_, i) => level(i));
  const words = Uint16Array.from(bytes, (value) => value * 257);
  const raw = { width: 36, height: 44, channels: 3 } as const;
  const picture = () => sharp(bytes, { raw });
  const deep = () => sharp(words, { raw }).toColourspace("rgb16");

  it("are sRGB of 8 bits unless something else is said", async () => {
    const path = join(folder, "a.png");
    await picture().png().toFile(path);
    const source = await openFrameSource(path);
    expect(source).toMatchObject({
      bitsPerSample: 8,
      transfer: "srgb",
      blackLevel: 0,
      whiteLevel: 255,
      samplesPerPixel: 3,
      mount: { rotationDeg: 0, mirrored: false },
    });
    expect(source.samples).toEqual(bytes);
    const mount = { rotationDeg: 90, mirrored: true } as const;
    const told = await openFrameSource(path, { mount, transfer: "linear", blackLevel: 3, whiteLevel: 250 });
    expect(told).toMatchObject({ mount, transfer: "linear", blackLevel: 3, whiteLevel: 250 });
  });

  it("keep their 16 bits, compressed or not, in any container", async () => {
    const linear = { transfer: "linear" } as const;
    for (const [name, made] of [
      ["a16.png", deep().png()],
      ["deflated.tif", deep().tiff({ compression: "deflate" })],
      ["tiled.tif", deep().tiff({ compression: "none", tile: true })],
      ["plain.tif", deep().tiff({ compression: "none" })],
    ] as const) {
      const path = join(folder, name);
      await made.toFile(path);
      const source = await openFrameSource(path, linear);
      expect(source, name).toMatchObject({ bitsPerSample: 16, whiteLevel: 65535, samplesPerPixel: 3 });
      expect("path" in source.samples, name).toBe(name === "plain.tif");
      const same = await resampled({ ...source, samples: words });
      expect(Buffer.from((await resampled(source)).samples.buffer), name).toEqual(
        Buffer.from(same.samples.buffer),
      );
    }
  });

  it("of one bit a sample are read too", async () => {
    const path = join(folder, "bits.tif");
    await picture().toColourspace("b-w").tiff({ compression: "none", bitdepth: 1 }).toFile(path);
    const source = await openFrameSource(path);
    expect(source).toMatchObject({ bitsPerSample: 8, samplesPerPixel: 1, widthPx: 36, heightPx: 44 });
    expect([...new Set(source.samples as Uint8Array)].sort()).toEqual([0, 255]);
  });

  it("stand upright as their EXIF says, and gray ones have one channel", async () => {
    const path = join(folder, "turned.jpg");
    await picture().withMetadata({ orientation: 6 }).jpeg().toFile(path);
    expect(await openFrameSource(path)).toMatchObject({ widthPx: 44, heightPx: 36 });
    const gray = join(folder, "gray.png");
    await picture().toColourspace("b-w").png().toFile(gray);
    expect(await openFrameSource(gray)).toMatchObject({ samplesPerPixel: 1, bitsPerSample: 8 });
  });

  it("that are damaged, no pictures or not there are told apart", async () => {
    const path = join(folder, "whole.jpg");
    await picture().jpeg().toFile(path);
    const cut = file("cut.jpg", readFileSync(path).subarray(0, 900));
    await expect(openFrameSource(cut)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    const garbage = file("garbage.png", Buffer.alloc(3000, "nothing"));
    await expect(openFrameSource(garbage)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await expect(openFrameSource(file("empty.tif"))).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    await expect(openFrameSource(join(folder, "nowhere.png"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    const begun = file("begun.tif", Buffer.from("II*\0\xff\xff\xff\x7f", "latin1"));
    await expect(openFrameSource(begun)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });
});

describe("raw files", () => {
  const options: DngOptions = {
    widthPx: 44,
    heightPx: 36,
    pattern: [0, 1, 1, 2],
    blackLevels: [500, 510, 512, 504],
    whiteLevel: 15000,
    orientation: 6,
    sample: (x, y) => 600 + 37 * x + 11 * y,
  };

  it("give their mosaic with levels evened out, and stand as the file says", async () => {
    const path = file("a.dng", dngBytes(options));
    const raw = await aligner.readRawFile(path);
    expect(raw).toMatchObject({
      widthPx: 44,
      heightPx: 36,
      cfa: "RGGB",
      blackLevel: 512,
      whiteLevel: 15000,
      rotationDeg: 90,
      camera: "Example Model 1",
    });
    const lacking = [12, 2, 0, 8];
    const expected = Uint16Array.from({ length: 44 * 36 }, (_, i) => {
      const [x, y] = [i % 44, Math.floor(i / 44)];
      return options.sample(x, y) + (lacking[(y % 2) * 2 + (x % 2)] as number);
    });
    expect(raw.samples).toEqual(expected);
    const source = await openFrameSource(path);
    expect(source).toMatchObject({ cfa: "RGGB", mount: { rotationDeg: 90, mirrored: false } });
    expect((await resampled(source)).validPx).toBe((36 - 5) * (44 - 5));
    // A reflection is flipped once it stands upright; as a mount, flipping comes first.
    const mirrored = await openFrameSource(path, { mount: { rotationDeg: 0, mirrored: true } });
    expect(mirrored.mount).toEqual({ rotationDeg: 270, mirrored: true });
  });

  it("are known by their content too, in every order of the colors", async () => {
    for (const [pattern, cfa] of [
      [[2, 1, 1, 0], "BGGR"],
      [[1, 2, 0, 1], "GBRG"],
      [[1, 0, 2, 1], "GRBG"],
    ] as const) {
      const path = file(`${cfa}.tif`, dngBytes({ ...options, pattern, orientation: 8 }));
      const source = await openFrameSource(path);
      expect(source).toMatchObject({ cfa, mount: { rotationDeg: 270, mirrored: false } });
    }
  });

  it("that are damaged are refused, wherever they end", async () => {
    const whole = dngBytes(options);
    for (let end = 0; end < whole.length; end += 97) {
      const path = file("cut.dng", whole.subarray(0, end));
      await expect(aligner.readRawFile(path), `${end} bytes`).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    }
    const garbage = file("garbage.cr2", Buffer.alloc(5000, "garbage"));
    await expect(openFrameSource(garbage)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    const nowhere = join(folder, "nowhere.nef");
    await expect(aligner.readRawFile(nowhere)).rejects.toMatchObject({ code: "STORE_IO" });
  });
});
