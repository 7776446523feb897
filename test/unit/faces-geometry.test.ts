import { describe, expect, it } from "vitest";
import { boxAround, overlap } from "../../src/faces/box.js";
import { type Detection, decodeDetections, mergeDetections } from "../../src/faces/detection.js";
import { ImagePyramid } from "../../src/faces/image-pyramid.js";
import { landmarks68Of, meshIndexOfLandmark } from "../../src/faces/landmarks68.js";
import { squareAroundDetection, squareAroundMesh } from "../../src/faces/mesh.js";
import { searchStages } from "../../src/faces/search-windows.js";
import { type CropFormat, cropSquare, pointInImage, type Square } from "../../src/faces/square-crop.js";
import { SeededRandom } from "../support/seeded-random.js";

const asBytes: CropFormat = { outputPx: 64, black: 0, white: 255, outside: "border" };

/** An image whose red and green tell the place, so that a sample tells where it was taken. */
function ramps(widthPx: number, heightPx: number) {
  const data = new Uint8Array(3 * widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) data.set([x, y, 128], 3 * (y * widthPx + x));
  }
  return { data, widthPx, heightPx };
}

describe("cropSquare", () => {
  const image = new ImagePyramid(ramps(250, 250));

  it.each([
    { name: "same scale", square: { centre: { x: 100, y: 120 }, sizePx: 64, angleRad: 0 } },
    { name: "enlarged and turned", square: { centre: { x: 101.3, y: 119.6 }, sizePx: 40, angleRad: 0.5 } },
    { name: "shrunk", square: { centre: { x: 120.2, y: 125.9 }, sizePx: 100, angleRad: -0.3 } },
    {
      name: "shrunk by more than two",
      square: { centre: { x: 124.5, y: 124.5 }, sizePx: 160, angleRad: 0.2 },
    },
  ])("samples where pointInImage says: $name", ({ square }) => {
    const crop = cropSquare(image, square, asBytes);
    for (const [column, row] of [
      [3, 5],
      [40, 20],
      [60, 62],
    ] as const) {
      const { x, y } = pointInImage(square, column + 0.5, row + 0.5, 64);
      const at = 3 * (row * 64 + column);
      // Halving rounds to whole levels.
      expect(Math.abs((crop[at] as number) - x)).toBeLessThan(0.51);
      expect(Math.abs((crop[at + 1] as number) - y)).toBeLessThan(0.51);
    }
  });

  it("mirrors", () => {
    const square: Square = { centre: { x: 120, y: 120 }, sizePx: 64, angleRad: 0.4 };
    const crop = cropSquare(image, square, { ...asBytes, mirrored: true });
    const { x, y } = pointInImage(square, 10.5, 30.5, 64, true);
    expect(crop[3 * (30 * 64 + 10)]).toBeCloseTo(x, 3);
    expect(crop[3 * (30 * 64 + 10) + 1]).toBeCloseTo(y, 3);
  });

  it("is black outside, or draws the border out", () => {
    const square: Square = { centre: { x: 0, y: 0 }, sizePx: 64, angleRad: 0 };
    const black = cropSquare(image, square, { ...asBytes, black: -1, white: 1, outside: "black" });
    expect(black[2]).toBe(-1);
    expect(cropSquare(image, square, asBytes)[2]).toBe(128);
  });

  it("averages when it shrinks", () => {
    const random = new SeededRandom(3);
    const data = Uint8Array.from({ length: 3 * 256 * 256 }, () => random.whole(0, 255));
    const whole: Square = { centre: { x: 127.5, y: 127.5 }, sizePx: 256, angleRad: 0 };
    const crop = cropSquare(new ImagePyramid({ data, widthPx: 256, heightPx: 256 }), whole, {
      ...asBytes,
      outputPx: 16,
    });
    // Uniform noise has a standard deviation of 73.9 levels; the mean of 16 × 16 pixels has 4.6.
    const spread = Math.sqrt(crop.reduce((sum, value) => sum + (value - 127.5) ** 2, 0) / crop.length);
    expect(spread).toBeGreaterThan(3);
    expect(spread).toBeLessThan(6.5);
  });

  it("takes gray as equal red, green and blue", () => {
    const gray = new ImagePyramid({ data: Uint8Array.of(10, 20, 30, 40), widthPx: 2, heightPx: 2 });
    const square: Square = { centre: { x: 0.5, y: 0.5 }, sizePx: 2, angleRad: 0 };
    const crop = cropSquare(gray, square, { ...asBytes, outputPx: 2 });
    expect([...crop]).toEqual([10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40]);
  });
});

describe("decodeDetections", () => {
  const logits = (score: number): number => Math.log(score / (1 - score));

  it("adds the cell's centre to box and key points", () => {
    const outputs: Record<string, Float32Array> = {
      scores16: new Float32Array(512).fill(-20),
      boxes16: new Float32Array(512 * 16),
      scores8: new Float32Array(384).fill(-20),
      boxes8: new Float32Array(384 * 16),
    };
    // Row 2, column 5 of the coarse grid (8 cells of 32 px), its fourth anchor.
    const anchor = (2 * 8 + 5) * 6 + 3;
    (outputs.scores8 as Float32Array)[anchor] = logits(0.8);
    outputs.boxes8?.set([1, -2, 40, 60, 7, 8], 16 * anchor);
    const found = decodeDetections((name) => outputs[name] as Float32Array, 256, 0.5);
    expect(found).toHaveLength(1);
    expect(found[0]?.score).toBeCloseTo(0.8, 5);
    expect(found[0]?.box).toEqual({ left: 157, top: 48, right: 197, bottom: 108 });
    expect(found[0]?.keyPoints[0]).toEqual({ x: 183, y: 88 });
    expect(found[0]?.keyPoints).toHaveLength(6);
    outputs.boxes8?.set([1, -2, -40, 60], 16 * anchor);
    expect(decodeDetections((name) => outputs[name] as Float32Array, 256, 0.5)).toEqual([]);
  });
});

describe("mergeDetections", () => {
  const at = (x: number, score: number): Detection => ({
    score,
    box: { left: x, top: 0, right: x + 100, bottom: 100 },
    keyPoints: [{ x, y: 50 }],
  });

  it("joins what overlaps, weighted by score, and keeps the rest", () => {
    const merged = mergeDetections([at(500, 0.6), at(10, 0.3), at(0, 0.9)]);
    expect(merged.map(({ score }) => score)).toEqual([0.9, 0.6]);
    expect(merged[0]?.box.left).toBeCloseTo(2.5, 9);
    expect(merged[0]?.keyPoints[0]?.x).toBeCloseTo(2.5, 9);
    expect(merged[1]?.box.left).toBe(500);
  });

  it("finds nothing in nothing", () => {
    expect(mergeDetections([])).toEqual([]);
  });

  it("measures overlap", () => {
    const a = { left: 0, top: 0, right: 2, bottom: 2 };
    expect(overlap(a, a)).toBe(1);
    expect(overlap(a, { left: 1, top: 0, right: 3, bottom: 2 })).toBeCloseTo(1 / 3, 12);
    expect(overlap(a, { left: 2, top: 2, right: 3, bottom: 3 })).toBe(0);
  });
});

describe("searchStages", () => {
  it.each([
    [1024, 1280],
    [512, 512],
    [6000, 100],
  ])("covers %i × %i px in every stage, tiles sharing half", (widthPx, heightPx) => {
    const stages = [...searchStages(widthPx, heightPx)];
    expect(stages.map(([first]) => (first as Square).sizePx / Math.max(widthPx, heightPx))).toEqual([
      1, 1.4, 2, 2.5, 0.5, 0.25,
    ]);
    for (const windows of stages) {
      const half = (windows[0] as Square).sizePx / 2;
      for (const [axis, extent] of [
        ["x", widthPx],
        ["y", heightPx],
      ] as const) {
        const centres = [...new Set(windows.map(({ centre }) => centre[axis]))].sort((a, b) => a - b);
        expect(centres[0] as number).toBeLessThanOrEqual(half - 0.5);
        expect(centres.at(-1) as number).toBeGreaterThanOrEqual(extent - 0.5 - half);
        centres.slice(1).forEach((centre, i) => {
          expect(centre - (centres[i] as number)).toBeLessThanOrEqual(half + 1e-9);
        });
      }
    }
  });
});

describe("squares to look at", () => {
  it("leaves a quarter of the box on every side and follows the eyes", () => {
    const keyPoints = [
      { x: 40, y: 40 },
      { x: 60, y: 60 },
    ];
    const square = squareAroundDetection({
      score: 1,
      box: { left: 0, top: 0, right: 100, bottom: 80 },
      keyPoints,
    });
    expect(square).toEqual({ centre: { x: 50, y: 40 }, sizePx: 150, angleRad: Math.PI / 4 });
  });

  it("turns with the mesh and keeps its size", () => {
    const random = new SeededRandom(8);
    const upright = new Float32Array(3 * 468);
    for (let i = 0; i < 468; i++) upright.set([random.between(10, 90), random.between(20, 120), 0], 3 * i);
    upright.set([20, 50, 0], 3 * 33);
    upright.set([80, 50, 0], 3 * 263);
    const turn = (angleRad: number): Float32Array =>
      upright.map((_, i) => {
        const [x, y] = [upright[i - (i % 3)] as number, upright[i - (i % 3) + 1] as number];
        if (i % 3 === 0) return Math.cos(angleRad) * x - Math.sin(angleRad) * y;
        return i % 3 === 1 ? Math.sin(angleRad) * x + Math.cos(angleRad) * y : 0;
      });
    const straight = squareAroundMesh({ score: 1, points468: upright });
    const turned = squareAroundMesh({ score: 1, points468: turn(0.7) });
    expect(turned.angleRad).toBeCloseTo(0.7, 5);
    expect(turned.sizePx).toBeCloseTo(straight.sizePx, 3);
    const { x, y } = straight.centre;
    expect(turned.centre.x).toBeCloseTo(Math.cos(0.7) * x - Math.sin(0.7) * y, 3);
  });
});

describe("landmarks68", () => {
  it("picks 68 different points of the mesh", () => {
    expect(new Set(meshIndexOfLandmark).size).toBe(68);
    expect(Math.max(...meshIndexOfLandmark)).toBeLessThan(468);
    const points468 = Float32Array.from({ length: 3 * 468 }, (_, i) => i);
    const landmarks = landmarks68Of(points468);
    expect(landmarks).toHaveLength(136);
    expect([landmarks[72], landmarks[73]]).toEqual([3 * 33, 3 * 33 + 1]);
  });
});

it("puts a box around points", () => {
  expect(
    boxAround([
      { x: 1, y: 5 },
      { x: -2, y: 7 },
    ]),
  ).toEqual({ left: -2, top: 5, right: 1, bottom: 7 });
});
