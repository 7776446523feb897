import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { WorldError } from "../../src/base/errors.js";
import { describeFrame } from "../../src/imaging/tiff-description.js";
import { readStoredFrame, readTiff } from "../../src/imaging/tiff-reader.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import { seededUniform } from "../support/noise.js";

const widthPx = 31;
const heightPx = 17;
const mount = { rotationDeg: 270, mirrored: true } as const;
const meaning = { pixelFormat: "BayerRG12", bitDepth: 12, blackLevel: 64, whiteLevel: 4000, mount } as const;

function randomSamples(count: number): Uint16Array {
  const uniform = seededUniform(3);
  return Uint16Array.from({ length: count }, () => uniform() * 65536);
}

function fileOf(samples: Uint16Array, samplesPerPixel: 1 | 3, source: Record<string, unknown> = {}): Buffer {
  const description = JSON.stringify(describeFrame(meaning, source));
  const header = buildTiffHeader({ widthPx, heightPx, samplesPerPixel, description });
  return Buffer.concat([header, new Uint8Array(samples.buffer)]);
}

/** A one-channel TIFF of another program: big-endian, two strips with a gap between them. */
function foreignBigEndianFile(bits: 8 | 16, strips: readonly (readonly number[])[]): Buffer {
  const tags: (readonly [number, number, readonly number[]])[] = [
    [256, 3, [2]],
    [257, 3, [2]],
    [258, 3, [bits]],
    [259, 3, [1]],
    [262, 3, [1]],
    [273, 4, [200, 220]],
    [277, 3, [1]],
    [278, 3, [1]],
    [279, 4, strips.map((strip) => strip.length)],
  ];
  const file = Buffer.alloc(240);
  file.write("MM");
  file.writeUInt16BE(42, 2);
  file.writeUInt32BE(8, 4);
  file.writeUInt16BE(tags.length, 8);
  let spare = 150;
  tags.forEach(([tag, type, values], i) => {
    const at = 10 + i * 12;
    file.writeUInt16BE(tag, at);
    file.writeUInt16BE(type, at + 2);
    file.writeUInt32BE(values.length, at + 4);
    if (type === 3) file.writeUInt16BE(values[0] as number, at + 8);
    else {
      file.writeUInt32BE(spare, at + 8);
      for (const value of values) spare = file.writeUInt32BE(value, spare);
    }
  });
  strips.forEach((strip, i) => {
    Buffer.from(strip).copy(file, 200 + 20 * i);
  });
  return file;
}

describe("stored TIFF", () => {
  it("gives back samples and meaning", () => {
    const samples = randomSamples(widthPx * heightPx);
    const frame = readStoredFrame(fileOf(samples, 1));
    expect(frame).toEqual({ samples, widthPx, heightPx, ...meaning });
  });

  it("keeps what the caller says of the source, in any alphabet", () => {
    const source = { session: "Übung 日本 🙂", shotId: 7 };
    const image = readTiff(fileOf(randomSamples(widthPx * heightPx), 1, source));
    expect(image.description).toMatchObject({ format: "nearfar-frame", version: 1, cfa: "RGGB", source });
  });

  it("starts the samples where they can be mapped as words", () => {
    for (const description of ["", "a", "abcdefghijklmnop"]) {
      expect(buildTiffHeader({ widthPx, heightPx, samplesPerPixel: 1, description }).byteLength % 16).toBe(0);
    }
  });

  it("reads its own file without copying the samples", () => {
    const file = new Uint8Array(fileOf(randomSamples(widthPx * heightPx), 1));
    expect(readTiff(file).samples.buffer).toBe(file.buffer);
  });

  it.each([1, 3] as const)("opens in libvips with %i channels", async (samplesPerPixel) => {
    const samples = randomSamples(widthPx * heightPx * samplesPerPixel);
    const image = sharp(fileOf(samples, samplesPerPixel)).toColourspace(
      samplesPerPixel === 1 ? "grey16" : "rgb16",
    );
    const { data, info } = await image.raw({ depth: "ushort" }).toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: widthPx, height: heightPx, channels: samplesPerPixel });
    expect(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)).toEqual(samples);
  });
});

describe("TIFF of other programs", () => {
  it("reads what libvips writes", async () => {
    const samples = randomSamples(widthPx * heightPx * 3);
    const raw = { width: widthPx, height: heightPx, channels: 3 as const };
    const file = await sharp(samples, { raw })
      .toColourspace("rgb16")
      .tiff({ compression: "none" })
      .toBuffer();
    expect(readTiff(file)).toMatchObject({
      widthPx,
      heightPx,
      samplesPerPixel: 3,
      samples,
      description: null,
    });
  });

  it("reads big-endian strips that lie apart", () => {
    expect([
      ...readTiff(
        foreignBigEndianFile(16, [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ]),
      ).samples,
    ]).toEqual([0x0102, 0x0304, 0x0506, 0x0708]);
    expect([
      ...readTiff(
        foreignBigEndianFile(8, [
          [1, 2],
          [3, 4],
        ]),
      ).samples,
    ]).toEqual([1, 2, 3, 4]);
  });

  it("refuses a foreign file where a stored frame is needed", () => {
    const file = foreignBigEndianFile(8, [
      [1, 2],
      [3, 4],
    ]);
    expect(() => readStoredFrame(file)).toThrow(/no nearfar description/);
  });

  it("refuses a compressed file", async () => {
    const file = await sharp(fileOf(randomSamples(widthPx * heightPx), 1))
      .tiff({ compression: "lzw" })
      .toBuffer();
    expect(() => readTiff(file)).toThrow(expect.objectContaining({ code: "FILE_CORRUPT" }));
  });
});

describe("a damaged TIFF", () => {
  it("is FILE_CORRUPT wherever it is cut", () => {
    const file = fileOf(randomSamples(widthPx * heightPx), 1);
    for (let length = 0; length < file.length; length++) {
      expect(() => readTiff(file.subarray(0, length))).toThrow(WorldError);
    }
  });

  it("never gives anything but an image or FILE_CORRUPT, whatever byte is flipped", () => {
    const file = fileOf(randomSamples(widthPx * heightPx), 1);
    const headerBytes = file.length - widthPx * heightPx * 2;
    for (let bit = 0; bit < headerBytes * 8; bit++) {
      const damaged = Buffer.from(file);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        readTiff(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: "FILE_CORRUPT" });
      }
    }
  });
});

describe("stored TIFF in another program", () => {
  const python = "/usr/bin/python3";
  const readWithOpenCv =
    "import cv2, sys; sys.stdout.buffer.write(cv2.imread(sys.argv[1], cv2.IMREAD_UNCHANGED).tobytes())";
  const obstacle =
    spawnSync(python, ["-c", "import cv2"]).status === 0 ? "" : "(apt-get install python3-opencv)";

  it.skipIf(obstacle !== "")(`has the right pixels in OpenCV ${obstacle}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "nearfar-tiff-"));
    try {
      const samples = randomSamples(widthPx * heightPx);
      const path = join(folder, "frame.tif");
      await writeFile(path, fileOf(samples, 1));
      const { stdout, stderr } = spawnSync(python, ["-c", readWithOpenCv, path]);
      expect(stderr.toString()).toBe("");
      expect(new Uint16Array(Uint8Array.from(stdout).buffer)).toEqual(samples);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
