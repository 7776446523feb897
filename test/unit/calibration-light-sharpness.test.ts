import { describe, expect, test } from "vitest";
import { bestFocus } from "../../src/calibration/light/best-focus.js";
import { boardEdges, medianMtf50, sharpnessOfEdges } from "../../src/calibration/light/board-edges.js";
import { boardPose } from "../../src/calibration/light/board-pose.js";
import { modulationOf, mtf50Of } from "../../src/calibration/light/edge-mtf.js";
import { edgeSpread } from "../../src/calibration/light/edge-spread.js";
import { transform } from "../../src/geometry/rigid.js";
import type { ImagePlane } from "../../src/imaging/image-plane.js";
import { innerCorners } from "../../src/targets/board-geometry.js";
import { readCharuco } from "../support/board-picture.js";
import { seededNormal } from "../support/noise.js";

const size = 120;

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - poly * Math.exp(-x * x));
}

interface Picture {
  readonly plane: ImagePlane;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** An edge through the middle, turned from upright; its profile is a Gaussian's integral, sampled at points. */
function edgePicture(sigmaPx: number, turnDeg: number, noise = 0): Picture {
  const normal = seededNormal(7);
  const [cos, sin] = [Math.cos((turnDeg * Math.PI) / 180), Math.sin((turnDeg * Math.PI) / 180)];
  const middle = (size - 1) / 2;
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const across = ((i % size) - middle) * cos + (Math.floor(i / size) - middle) * sin;
    return 0.4 + 0.3 * erf(across / (sigmaPx * Math.SQRT2)) + noise * normal();
  });
  const half = 36;
  return {
    plane: { widthPx: size, heightPx: size, data },
    from: [middle + half * sin, middle - half * cos],
    to: [middle - half * sin, middle + half * cos],
  };
}

function mtf50(sigmaPx: number, turnDeg: number, noise?: number): { value: number | null; along?: string } {
  const { plane, from, to } = edgePicture(sigmaPx, turnDeg, noise);
  const spread = edgeSpread(plane, { from, to, halfWidthPx: 10 });
  return spread === null ? { value: null } : { value: mtf50Of(modulationOf(spread)), along: spread.along };
}

describe("MTF50 of a slanted edge", () => {
  test.each([
    [0.6, 5],
    [0.8, 3],
    [1, 5],
    [1.5, -7],
    [2, 12],
    [1, 95],
    [1.5, 84],
  ])("blurred by a Gaussian of %f px, %f° off upright, is 0.1874 over that within 2 %%", (sigma, turn) => {
    const { value, along } = mtf50(sigma, turn);
    expect(Math.abs(((value ?? 0) * sigma) / 0.1874 - 1)).toBeLessThan(0.02);
    expect(along).toBe(turn > 45 ? "y" : "x");
  });

  test("with 1 % noise stays within 4 %", () => {
    expect(Math.abs(((mtf50(1.2, 6, 0.01).value ?? 0) * 1.2) / 0.1874 - 1)).toBeLessThan(0.04);
  });

  test("is not measured on edges along the pixels, which show one phase only", () => {
    expect(mtf50(1, 0.3).value).toBeNull();
  });

  test("does not depend on where the corners were thought to be, within a pixel", () => {
    const { plane, from, to } = edgePicture(1, 5);
    const spread = edgeSpread(plane, {
      from: [from[0] + 0.8, from[1]],
      to: [to[0] + 0.5, to[1]],
      halfWidthPx: 10,
    });
    expect(spread).not.toBeNull();
    if (spread !== null)
      expect(Math.abs(((mtf50Of(modulationOf(spread)) ?? 0) * 1) / 0.1874 - 1)).toBeLessThan(0.02);
  });
});

describe("the edges of a board", () => {
  const board = readCharuco("charuco-small");

  test("keep clear of the markers, and all are measured along both ways", () => {
    const squarePx = 60;
    const [cos, sin] = [Math.cos(0.1), Math.sin(0.1)];
    const pointsPx = innerCorners(board).flatMap(({ x, y }) => {
      const [u, v] = [(x / board.squareMm) * squarePx, (y / board.squareMm) * squarePx];
      return [300 + cos * u - sin * v, 400 + sin * u + cos * v];
    });
    const ids = innerCorners(board).map(({ id }) => id);
    const edges = boardEdges(board, { ids, pointsPx });
    expect(edges.length).toBe(7 * 9 + 6 * 10);
    const rimPx = ((board.squareMm - board.markerMm) / 2 / board.squareMm) * squarePx;
    for (const { halfWidthPx } of edges) expect(halfWidthPx).toBeLessThan(rimPx);
    const some = [0, 1, 2, 7].map((id) => [id, pointsPx[2 * id] as number, pointsPx[2 * id + 1] as number]);
    const parts = boardEdges(board, {
      ids: some.map(([id]) => id as number),
      pointsPx: some.flatMap(([, ...place]) => place),
    });
    expect(parts.map(({ corners }) => corners)).toEqual([
      [0, 1],
      [0, 7],
    ]);
    const grey = { widthPx: 600, heightPx: 800, data: new Float32Array(600 * 800).fill(0.5) };
    expect(sharpnessOfEdges(grey, edges)).toEqual([]);
    expect(medianMtf50([], grey)).toBeNull();
  });

  test("lie at the depths that a tilted board has", () => {
    const tilt = (35 * Math.PI) / 180;
    const corners = innerCorners(board);
    const truth = corners.map(({ x }) => 450 + x * Math.sin(tilt));
    const pointsPx = corners.flatMap(({ x, y }, i) => {
      const depth = truth[i] as number;
      return [511 + (2100 * x * Math.cos(tilt)) / depth, 639 + (2100 * y) / depth];
    });
    const cornersMm = corners.map(({ x, y }) => [x, y, 0] as const);
    const pose = boardPose({ ids: corners.map(({ id }) => id), pointsPx }, cornersMm, 2100, [1023, 1279]);
    for (const [i, { x, y }] of corners.entries())
      expect(
        Math.abs((pose === null ? 0 : transform(pose, [x, y, 0])[2]) - (truth[i] as number)),
      ).toBeLessThan(1e-6);
    expect(boardPose({ ids: [0, 1], pointsPx }, cornersMm, 2100, [1023, 1279])).toBeNull();
  });
});

describe("best focus", () => {
  /** Edges of a board at even depths; every seventh one is a reflection or a scratch. */
  function edgesAbout(focusMm: number, fromMm: number, toMm: number) {
    const normal = seededNormal(3);
    return Array.from({ length: 120 }, (_, i) => {
      const depthMm = fromMm + ((toMm - fromMm) * i) / 119;
      const blur = 900 * (1 / depthMm - 1 / focusMm) * 28;
      const mtf50 = (0.1874 / Math.hypot(0.5, blur)) * (1 + 0.03 * normal());
      return { depthMm, mtf50: i % 7 === 3 ? 0.3 * mtf50 : mtf50 };
    });
  }

  test("is found within 3 sigmas, whatever a seventh of the edges show", () => {
    const found = bestFocus(edgesAbout(452, 400, 500));
    expect(found?.sigmaMm).toBeLessThan(2);
    expect(Math.abs((found?.depthMm ?? 0) - 452)).toBeLessThan(3 * (found?.sigmaMm ?? 0));
    expect(Math.abs((found?.mtf50 ?? 0) / (0.1874 / 0.5) - 1)).toBeLessThan(0.05);
  });

  test("is unknown when the depths do not bracket it, or all is equally sharp", () => {
    expect(bestFocus(edgesAbout(520, 400, 500))).toBeNull();
    expect(bestFocus(edgesAbout(452, 451.9, 452.1))).toBeNull();
    expect(bestFocus(edgesAbout(452, 400, 500).slice(0, 10))).toBeNull();
  });
});
