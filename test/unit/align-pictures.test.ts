import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { flowColor } from "../../src/alignment/pictures/flow-wheel.js";
import { type PictureKind, pictureKindNames } from "../../src/alignment/pictures/picture-kinds.js";
import type { PicturedFiles } from "../../src/alignment/pictures/pictured-files.js";
import { type RenderOptions, renderPicture } from "../../src/alignment/pictures/render-picture.js";
import { buildTiffHeader } from "../../src/imaging/tiff-writer.js";
import { alignmentInputSchema } from "../../src/schema/alignment.js";
import { arrayFile } from "../support/array-file.js";
import { filesOf, picturedPair, picturedSizePx as size } from "../support/pictured-pair.js";

const input = alignmentInputSchema.parse({
  version: 1,
  near: { sha256: "1f".repeat(32) },
  far: { sha256: "2e".repeat(32) },
  distanceMm: 450,
  skewUs: 0.5,
  pair: null,
  color: null,
  reference: null,
  parameters: { sizePx: size, sideMm: 150, flow: true, depthRangeMm: [-160, 80], limits: {} },
  faceNets: [],
});
const pair = picturedPair(input);

interface Pixels {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): readonly number[];
}

async function pixelsOf(bytes: Uint8Array, page = 0): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { page })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return {
    width,
    height,
    at: (x, y) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)],
  };
}

async function drawn(kind: PictureKind, files: PicturedFiles = filesOf(pair)): Promise<Pixels> {
  return pixelsOf((await renderPicture(kind, files)).bytes);
}

/** Greatest difference of the channels from a gray. */
const offGray = (color: readonly number[], gray = 128): number =>
  Math.max(...color.map((level) => Math.abs(level - gray)));

test("every picture is as wide as the canonical image and has its media type and extension", async () => {
  for (const kind of pictureKindNames) {
    const { bytes, mediaType, extension } = await renderPicture(kind, filesOf(pair));
    const { width, height = 0, format } = await sharp(bytes).metadata();
    expect(width).toBe(size);
    expect(height).toBeGreaterThanOrEqual(size);
    expect(mediaType).toBe(`image/${format}`);
    expect(extension).toBe(format === "jpeg" ? ".jpg" : `.${format}`);
  }
});

describe("near and far", () => {
  test("a camera's own light is shown by the curve of sRGB", async () => {
    const near = await drawn("near");
    // The wall: light 0.10, 0.12, 0.15; sRGB 89, 97, 108; the bump is bright enough that nothing is lifted.
    const wall = near.at(4, 4);
    [89, 97, 108].forEach((level, channel) => {
      expect(Math.abs((wall[channel] as number) - level)).toBeLessThan(4);
    });
  });

  test("Rec.2020 is brought to sRGB: its red is more than sRGB can show", async () => {
    const color = { calibrationId: "color-20261123T081530Z-1f2e3d", sha256: "ab".repeat(32) };
    const own = await drawn("near");
    const calibrated = await drawn("near", filesOf(pair, { record: { input: { ...input, color } } }));
    const [before, after] = [own.at(64, 64), calibrated.at(64, 64)];
    const chroma = ([r = 0, g = 0]: readonly number[]): number => r - g;
    expect(chroma(after)).toBeGreaterThan(chroma(before) + 6);
  });

  test("dark pairs are lifted alike in both arms", async () => {
    const dark = pair.files.map((file) => {
      if (file.name !== "near" && file.name !== "far") return file;
      const [header, samples] = file.parts as [Uint8Array<SharedArrayBuffer>, Uint8Array<SharedArrayBuffer>];
      const words = new Uint16Array(samples.buffer).map((sample) => Math.round(sample / 10));
      const own = new Uint8Array(new SharedArrayBuffer(words.byteLength));
      own.set(new Uint8Array(words.buffer));
      return { name: file.name, parts: [header, own] };
    });
    for (const arm of ["near", "far"] as const) {
      const lifted = await drawn(arm, filesOf(pair, { files: dark }));
      const [usual, now] = [(await drawn(arm)).at(40, 64), lifted.at(40, 64)];
      expect(now[0]).toBeGreaterThan((usual[0] as number) - 5);
    }
  });

  test("an image of one channel is gray", async () => {
    const samples = new Uint16Array(size * size).fill(16384);
    const header = buildTiffHeader({ widthPx: size, heightPx: size, samplesPerPixel: 1, description: "" });
    const part = new Uint8Array(new SharedArrayBuffer(samples.byteLength));
    part.set(new Uint8Array(samples.buffer));
    const mono = (["near", "far"] as const).map((name) => ({ name, parts: [header, part] }));
    const files = filesOf(pair, { files: mono });
    // Light 0.5, brought to 0.7.
    expect(offGray((await drawn("near", files)).at(50, 50), 218)).toBeLessThan(3);
    expect(offGray((await drawn("difference", files)).at(50, 50))).toBeLessThan(3);
  });
});

test("the anaglyph has near in red and far in green and blue", async () => {
  const [near, far, both] = [await drawn("near"), await drawn("far"), await drawn("anaglyph")];
  const luma = ([r = 0, g = 0, b = 0]: readonly number[]): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  // The rim lies behind the eye plane: far sees it farther out than near does.
  let differing = 0;
  for (let x = 0; x < size; x++) {
    const [r, g, b] = both.at(x, 64) as [number, number, number];
    expect(Math.abs(r - luma(near.at(x, 64)))).toBeLessThan(25);
    expect(Math.abs(g - luma(far.at(x, 64)))).toBeLessThan(25);
    expect(Math.abs(g - b)).toBeLessThan(12);
    if (Math.abs(r - g) > 40) differing += 1;
  }
  expect(differing).toBeGreaterThan(2);
});

describe("blink", () => {
  test.each(["webp", "gif"] as const)(
    "%s shows near and far for a quarter of a second each",
    async (format) => {
      const options: RenderOptions = { animation: format };
      const { bytes, mediaType } = await renderPicture("blink", filesOf(pair), options);
      expect(mediaType).toBe(`image/${format}`);
      const { pages, delay, loop } = await sharp(bytes, { animated: true }).metadata();
      expect({ pages, delay, loop }).toEqual({ pages: 2, delay: [250, 250], loop: 0 });
      for (const [page, arm] of (["near", "far"] as const).entries()) {
        const [shown, still] = [await pixelsOf(bytes, page), await drawn(arm)];
        let sum = 0;
        for (let x = 0; x < size; x++)
          sum += Math.abs((shown.at(x, 90)[1] as number) - (still.at(x, 90)[1] as number));
        expect(sum / size).toBeLessThan(8);
      }
    },
  );
});

describe("difference", () => {
  test("a right flow leaves gray, a wrong one does not", async () => {
    const measured = [45, 55, 64, 75, 85].flatMap((x) => [50, 64, 80].map((y) => [x, y] as const));
    const meanOffGray = async (files: PicturedFiles): Promise<number> => {
      const picture = await drawn("difference", files);
      return measured.reduce((sum, [x, y]) => sum + offGray(picture.at(x, y)), 0) / measured.length;
    };
    expect(await meanOffGray(filesOf(pair))).toBeLessThan(6);
    const aside = Float32Array.from({ length: size * size * 2 }, (_, i) => (i % 2 === 0 ? 4 : 0));
    const wrong = [arrayFile("nearToFar", "<f4", [size, size, 2], aside)];
    expect(await meanOffGray(filesOf(pair, { files: wrong }))).toBeGreaterThan(20);
  });
});

describe("flow", () => {
  test("hue follows Middlebury: right is red, down yellow, left cyan, up blue", () => {
    const hue = (dx: number, dy: number): readonly number[] => flowColor(dx, dy);
    expect(hue(0, 0)).toEqual([255, 255, 255]);
    expect(offGray(hue(1, 0), 0)).toBe(255);
    const [right, down, left, up] = [hue(1, 0), hue(0, 1), hue(-1, 0), hue(0, -1)] as [
      number[],
      number[],
      number[],
      number[],
    ];
    expect(right.map((part) => part > 128)).toEqual([true, false, false]);
    expect(down.map((part) => part > 128)).toEqual([true, true, false]);
    expect(left.map((part) => part > 128)).toEqual([false, true, true]);
    expect(up.map((part) => part > 128)).toEqual([false, false, true]);
  });

  test("the front of the bump flows towards the epipole; the rest is hatched or plain", async () => {
    const flow = await drawn("flow");
    const [left, right] = [flow.at(48, 64), flow.at(80, 64)] as [number[], number[]];
    // Left of the epipole it moves right: red; on the other side cyan.
    expect(left[0]).toBeGreaterThan((left[2] as number) + 30);
    expect(right[2]).toBeGreaterThan((right[0] as number) + 30);
    const wall = flow.at(3, 3);
    const hidden = new Set(Array.from({ length: 8 }, (_, i) => flow.at(21 + i, 64).join()));
    expect(wall).toEqual([74, 80, 87]);
    expect(hidden.size).toBe(2);
  });
});

test("depth is brighter towards the cameras, and not drawn where it was not measured", async () => {
  const depth = await drawn("depth");
  const luma = (x: number): number => depth.at(x, 64).reduce((sum, level) => sum + level, 0);
  expect(luma(64)).toBeGreaterThan(luma(84) + 50);
  expect(luma(84)).toBeGreaterThan(luma(100) + 20);
  expect(depth.at(3, 3)).toEqual([74, 80, 87]);
});

test("tangential arrows turn clockwise about the epipole for positive residuals", async () => {
  const [tangential, near] = [await drawn("tangential"), await drawn("near")];
  const isDrawn = (x: number, y: number): boolean =>
    Math.max(...tangential.at(x, y).map((level, k) => level - 0.4 * (near.at(x, y)[k] as number))) > 40;
  // Node (100, 64) stands right of the epipole: its arrow goes down. (28, 64) stands left: up.
  expect([isDrawn(100, 66), isDrawn(100, 62)]).toEqual([true, false]);
  expect([isDrawn(28, 62), isDrawn(28, 66)]).toEqual([true, false]);
});

describe("pairs that lack something", () => {
  const needFlow = ["difference", "flow", "depth", "tangential"] as const;

  test("an approximate pair has near, far, blink and anaglyph, and says why it has no more", async () => {
    const files = filesOf(pair, { record: { approximate: true, canonical: null } });
    for (const kind of pictureKindNames) {
      const made = renderPicture(kind, files);
      if (needFlow.some((needing) => needing === kind)) {
        await expect(made).rejects.toMatchObject({
          code: "NOT_FOUND",
          message: expect.stringContaining("approximate"),
        });
      } else expect((await made).bytes.length).toBeGreaterThan(500);
    }
  });

  test("a pair that was aligned without flow says so", async () => {
    const parameters = { ...input.parameters, flow: false };
    const files = filesOf(pair, { record: { input: { ...input, parameters } } });
    for (const kind of needFlow) {
      await expect(renderPicture(kind, files)).rejects.toMatchObject({
        code: "NOT_FOUND",
        message: expect.stringContaining("without flow"),
      });
    }
  });

  test("a pair in which nothing was measured still has its pictures", async () => {
    const nothing = (values: number): Float32Array => new Float32Array(size * size * values).fill(Number.NaN);
    const files = filesOf(pair, {
      files: [
        arrayFile("nearToFar", "<f4", [size, size, 2], nothing(2)),
        arrayFile("nearDepth", "<f4", [size, size], nothing(1)),
        arrayFile("tangential", "<f4", [0, 6], new Float32Array(0)),
      ],
    });
    for (const kind of needFlow) expect((await drawn(kind, files)).width).toBe(size);
  });

  test("damaged files are told, not drawn", async () => {
    const short = { name: "nearDepth", parts: [new Uint8Array(new SharedArrayBuffer(40))] } as const;
    const small = arrayFile("nearToFar", "<f4", [size, size], new Float32Array(size * size));
    const cut = { name: "near", parts: [new Uint8Array(new SharedArrayBuffer(100))] } as const;
    for (const [kind, file] of [
      ["depth", short],
      ["flow", small],
      ["near", cut],
    ] as const) {
      await expect(renderPicture(kind, filesOf(pair, { files: [file] }))).rejects.toMatchObject({
        code: "FILE_CORRUPT",
      });
    }
  });
});
