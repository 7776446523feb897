import { describe, expect, it } from "vitest";
import { displayImage, gainsToTry } from "../../src/alignment/face/display-image.js";
import { eyeOpening } from "../../src/alignment/face/eye-opening.js";
import { insideShare, ovalOf } from "../../src/alignment/face/face-oval.js";
import { findFace } from "../../src/alignment/face/find-face.js";
import { filledPolygon, gridOver, pixelOfCell } from "../../src/alignment/face/grid.js";
import { reduce } from "../../src/alignment/face/reduced-image.js";
import type { Face, FaceImage } from "../../src/faces/face.js";
import type { FaceFinder } from "../../src/faces/face-finder.js";
import { searchStages } from "../../src/faces/search-windows.js";
import { blankImage, pairAt, posedFace } from "../support/posed-face.js";

describe("canonical images made small", () => {
  it("are means of the valid pixels", () => {
    const image = blankImage(8, 0);
    image.samples.fill(16384);
    // Of the first block one pixel holds white, one is invalid.
    image.samples.set([32768, 32768, 32768], 0);
    image.flags[1] = 0;
    image.samples.set([65535, 65535, 65535], 3);
    const small = reduce(image, 2);
    expect([small.widthPx, small.heightPx]).toEqual([4, 4]);
    expect(small.values[0]).toBeCloseTo((1 + 0.5 + 0.5) / 3, 5);
    expect(small.validShare[0]).toBe(0.75);
    expect(small.values[3]).toBeCloseTo(0.5, 5);
  });

  it("leave blocks without a valid pixel dark and say so", () => {
    const image = blankImage(4, 20000);
    image.flags.fill(0);
    const small = reduce(image, 2);
    expect([...small.values].every((value) => value === 0)).toBe(true);
    expect([...small.validShare].every((share) => share === 0)).toBe(true);
    expect(gainsToTry(small)).toEqual([]);
  });
});

describe("images for the face networks", () => {
  it("show the middle in a mid tone, however dark it is", () => {
    for (const value of [600, 6000, 30000]) {
      const image = reduce(blankImage(32, value), 1);
      const [gain] = gainsToTry(image);
      const { data } = displayImage(image, gain as number, false);
      // sRGB of a quarter of white.
      expect(data[0]).toBeGreaterThan(130);
      expect(data[0]).toBeLessThan(145);
    }
  });

  it("turn Rec.2020 to sRGB: a gray stays gray, the green primary leaves sRGB", () => {
    const image = reduce(blankImage(1, 8192), 1);
    expect([...displayImage(image, 1, true).data]).toEqual([137, 137, 137]);
    const green = { ...image, values: Float32Array.from([0, 0.5, 0]) };
    const [r, g, b] = displayImage(green, 1, true).data;
    expect([r, b]).toEqual([0, 0]);
    expect(g).toBeGreaterThan(190);
  });
});

describe("the face of an image", () => {
  const found = (x: number): Face => {
    const { face } = posedFace(pairAt(900, 512), "near", { offsetMm: [x, 0], scale: 0.3 });
    return face;
  };

  /** A finder that sees what it is told to from the given call on. */
  function finderOf(faces: readonly Face[], fromCall = 0): FaceFinder & { readonly images: FaceImage[] } {
    const images: FaceImage[] = [];
    return {
      images,
      find: async (image) => {
        images.push(image);
        return images.length > fromCall ? [...faces] : [];
      },
      close: async () => {},
    };
  }

  it("is the one nearest to the middle, in px of the canonical image", async () => {
    const [aside, middle] = [found(-60), found(20)];
    const face = await findFace(finderOf([aside, middle]), blankImage(1024, 8000), { rec2020: false });
    // 512 px were searched: pixel u of them covers 2u and 2u + 1.
    expect(face?.irisCentres[0].x).toBeCloseTo(2 * middle.irisCentres[0].x + 0.5, 3);
    expect(face?.points468[0]).toBeCloseTo(2 * (middle.points468[0] as number) + 0.5, 3);
    expect(face?.points468[2]).toBeCloseTo(2 * (middle.points468[2] as number), 3);
  });

  it("is looked for in brighter and darker light before it is given up", async () => {
    const late = finderOf([found(0)], 2);
    expect(await findFace(late, blankImage(512, 4000), { rec2020: false })).not.toBeNull();
    expect(late.images).toHaveLength(3);
    const never = finderOf([]);
    expect(await findFace(never, blankImage(512, 4000), { rec2020: false })).toBeNull();
    expect(new Set(never.images.map(({ data }) => data[0])).size).toBeGreaterThan(1);
  });
});

describe("search for a face", () => {
  it("leaves out windows for faces smaller than those that are wanted", () => {
    const smallest = (leastShare: number): number =>
      Math.min(...[...searchStages(1000, 800, leastShare)].flat().map(({ sizePx }) => sizePx));
    expect(smallest(0)).toBe(250);
    expect(smallest(0.5)).toBe(500);
    expect(smallest(0.6)).toBe(1000);
  });
});

describe("outline of a face", () => {
  it("tells how much of it lies inside the image's valid part", () => {
    const pair = pairAt(900, 512);
    const image = blankImage(512);
    const middle = posedFace(pair, "near", {}, image);
    expect(middle.insideShare).toBeGreaterThan(0.99);
    const xs = ovalOf(middle.face).map(([x]) => x);
    const half = (Math.min(...xs) + Math.max(...xs)) / 2;
    const masked = { ...image, flags: image.flags.map((flag, i) => (i % 512 < half ? flag : 0)) };
    expect(insideShare(middle.face, masked)).toBeGreaterThan(0.45);
    expect(insideShare(middle.face, masked)).toBeLessThan(0.55);
    expect(posedFace(pair, "near", { offsetMm: [150, 0] }, image).insideShare).toBeLessThan(0.6);
  });

  it("fills the cells whose centres it holds", () => {
    const grid = gridOver(40, 10);
    const square = [
      [4, 4],
      [20, 4],
      [20, 12],
      [4, 12],
    ] as const;
    const inside = filledPolygon(grid, square);
    for (let cell = 0; cell < 100; cell++) {
      const [x, y] = pixelOfCell(grid, cell % 10, Math.floor(cell / 10));
      expect(inside[cell]).toBe(x > 4 && x < 20 && y > 4 && y < 12 ? 1 : 0);
    }
  });
});

describe("opening of an eye", () => {
  it("is the lids' gap over the eye's width, at any size", () => {
    for (const opening of [0.05, 0.2, 0.4]) {
      const [eye] = posedFace(pairAt(450), "near", { eyeOpening: opening }).face.eyes;
      expect(eyeOpening(eye)).toBeCloseTo(opening, 5);
      expect(eyeOpening({ ...eye, contour: eye.contour.map((v) => 3 * v + 100) })).toBeCloseTo(opening, 5);
    }
  });
});
